import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describedRecipe, moduleRecipe } from '../kit/recipes.ts';
import { invoke } from '../kit/in-process.ts';
import { tempDir } from '../support/temp-dir.ts';

const STEPS = `- { verb: send, instrument: psu, text: 'OUTP ON' }
- { verb: run-tool, command: [sh, version] }`;

it('batch create notes the instruments and programs that the station lacks, and the advised commands add them', async () => {
  using dir = tempDir('needs');
  const file = join(dir.path, 'needs.yaml');
  writeFileSync(file, describedRecipe(STEPS));
  const data = ['--data', join(dir.path, 'station')];
  const create = (...args: string[]) =>
    invoke('batch', 'create', '--recipe', file, '--quantity', '1', ...data, ...args);
  const { status, stdout } = await create();
  expect(status).toBe(0);
  expect(stdout.split('\n')).toEqual([
    'note: this station has no instrument "psu"; add it with "station instrument set"',
    'note: this station does not list the program "sh"; add it with "station tools add"',
    expect.stringMatching(/^batch .* \(trial\): /),
    '',
  ]);
  const { events } = await create('--json');
  expect(events[0]).toMatchObject({
    event: 'batch.created',
    missing: { instruments: ['psu'], programs: ['sh'], printer: false },
  });
  const added = [
    await invoke('station', 'instrument', 'set', 'psu', '--address', 'tcp://127.0.0.1:1', ...data),
    await invoke('station', 'tools', 'add', '--name', 'sh', '--path', '/bin/sh', ...data),
  ];
  expect(added.map((result) => result.status)).toEqual([0, 0]);
  expect((await create()).stdout).not.toContain('note:');
});

it('batch create notes that the recipe prints labels and the station has no printer', async () => {
  using dir = tempDir('needs');
  const file = join(dir.path, 'needs.yaml');
  writeFileSync(
    file,
    moduleRecipe({ steps: '  - name: label\n    steps: [{ verb: label, print: on-pass }]\n' }),
  );
  const create = (...args: string[]) =>
    invoke('batch', 'create', '--recipe', file, '--quantity', '1', '--data', join(dir.path, 's'), ...args);
  expect((await create()).stdout).toContain('this station has no label printer');
  expect((await create('--json')).events[0]).toMatchObject({ missing: { printer: true } });
});

it('run says before the first unit that a port without control lines cannot start the boot loader', async () => {
  using dir = tempDir('lines');
  const file = join(dir.path, 'lines.yaml');
  const flash = 'verb: flash, chip: esp32c3, images: [{ from: recipe, file: a.bin, offset: 0 }]';
  writeFileSync(file, describedRecipe(`- { verb: request, name: ask, text: Q, expect: A }\n- { ${flash} }`));
  writeFileSync(join(dir.path, 'a.bin'), 'a');
  const data = ['--data', join(dir.path, 'station')];
  expect(
    (await invoke('batch', 'create', '--recipe', file, '--quantity', '1', '--name', 'b', ...data)).status,
  ).toBe(0);
  // Nothing listens there: no unit is run.
  const { stdout, status } = await invoke(
    'run',
    '--batch',
    'b',
    '--slot',
    'tcp://127.0.0.1:1',
    '--units',
    '1',
    ...data,
  );
  expect(status).not.toBe(0);
  expect(stdout.split('\n').slice(0, 2)).toEqual([
    'note: no control lines at slot 1: the units must be in their boot loader when their run starts',
    'note: step flash needs the boot loader after step ask has used the application; a port without control lines cannot start it again',
  ]);
});

it('recipe try notes the programs that a dry run does not have', async () => {
  using dir = tempDir('try');
  const file = join(dir.path, 'described-full.yaml');
  writeFileSync(
    file,
    describedRecipe(`- { verb: run-tool, command: [sh, version] }`)
      .replace('name: peer', 'name: described-full')
      .replace(/ {2}- name: who\n.*\n.*\n/, ''),
  );
  const { status, stdout } = await invoke('recipe', 'try', file);
  expect(stdout).toContain('note: a dry run has no program "sh": its steps fail\n');
  expect(stdout).toContain('this station has no program sh');
  expect(status).not.toBe(0);
});
