import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pictureOfCode } from '#station';
import { SAMPLE_CODE } from '../../renderer/dev/fixtures/wifi-code.ts';
import { readCodeInPicture, watchPictures } from '../../simulator/pictures/index.ts';
import { drawCode } from '../../cli/run/draw-code.ts';
import { HeldOutput } from '../../cli/run/held-output.ts';
import { showRunCodes } from '../../cli/run/show-run-codes.ts';
import { ShownCodes } from '../../station/execution/wifi-codes/index.ts';
import { invoke } from '../kit/in-process.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { startStation, type TestStation } from '../kit/station.ts';
import { simulated, type SimulatedUnits } from '../kit/units.ts';
import { LONG } from '../support/depth.ts';
import { filesWith } from '../support/files-below.ts';

const NETWORK = { name: 'line', ssid: 'Line 3', password: 'correct-horse-battery' };
const STEPS = `  - name: provision
    steps: [{ verb: wifi-code, network: line, withinMs: 60000 }]
  - name: release
    kind: teardown
    steps: [{ verb: unbind }]
`;
let setup: TestStation<SimulatedUnits>;
const run = (...more: string[]): string[] => {
  const { dataDir, batchId, ports } = setup;
  return ['run', '--data', dataDir, '--batch', batchId, '--slot', ports[0] ?? '', '--units', '1', ...more];
};
beforeAll(async () => {
  setup = await startStation({
    units: simulated(1, {
      profile: 'camera',
      timeScale: 0.05,
      wifi: [{ ssid: NETWORK.ssid, password: NETWORK.password }],
    }),
    registry: 'real',
    recipe: moduleRecipe({ steps: STEPS }),
    triples: 1,
  });
  setup.station.networks.set(NETWORK, { user: 'Li', role: 'engineer' });
  await setup.close();
});
afterAll(() => setup[Symbol.asyncDispose]());

/** What zbarimg reads in lines of half blocks, each character two modules high; four dots for a module. */
function decode(lines: readonly string[]): string {
  const dark = (character: string, row: number): boolean =>
    character === '\u2588' || character === (row === 0 ? '\u2580' : '\u2584');
  const rows = lines.flatMap((line) =>
    [0, 1].map((row) => [...line].map((one) => (dark(one, row) ? 0 : 255))),
  );
  const dots = rows.flatMap((row) =>
    Array.from({ length: 4 }, () => row.flatMap((dot) => [dot, dot, dot, dot])),
  );
  const head = `P5 ${dots[0]?.length ?? 0} ${dots.length} 255\n`;
  const picture = Buffer.concat([Buffer.from(head), Buffer.from(dots.flat())]);
  const args = ['--quiet', '--raw', '--nodbus', '--oneshot', '-Sdisable', '-Sqrcode.enable', '-'];
  return execFileSync('zbarimg', args, { input: picture, encoding: 'utf8' }).replace(/\n$/, '');
}

it('draws a code that zbarimg reads', () => {
  expect(decode(drawCode(pictureOfCode(SAMPLE_CODE.text)))).toBe(SAMPLE_CODE.text);
});

it('shows the code on a screen of its own, keeps the lines of the other slots meanwhile, and leaves nothing', async () => {
  const said: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  const size = { columns: process.stdout.columns, rows: process.stdout.rows };
  Object.assign(process.stdout, { columns: 120, rows: 60 });
  process.stdout.write = (text: string | Uint8Array): boolean => said.push(String(text)) > 0;
  try {
    const held = new HeldOutput({
      json: false,
      event: () => undefined,
      print: (lines) => said.push(`printed ${String(lines)}`),
      notice: () => undefined,
    });
    const clock = { nowMs: () => 0 };
    const codes = new ShownCodes({ clock, random: { id: () => 'c' } } as never, () => undefined);
    await using _shown = showRunCodes(
      { codes, prompts: { at: () => null } } as never,
      { kind: 'terminal' },
      held,
    );
    {
      using _code = codes.show(1, { ssid: SAMPLE_CODE.ssid, payload: SAMPLE_CODE.text, withinMs: 1000 });
      held.output.print('PASS slot 2');
      expect(said.join('').startsWith('\u001b[?1049h')).toBe(true);
      expect(said.join('')).not.toContain('PASS');
      const drawn = said
        .join('')
        .split('\n')
        .filter((line) => line.includes('\u001b[38;5;16'));
      const plain = drawn.map((line) => line.split('231m')[1]?.split('\u001b')[0] ?? '');
      expect(decode(plain)).toBe(SAMPLE_CODE.text);
    }
    expect(said.slice(-2)).toEqual(['\u001b[?1049l', 'printed PASS slot 2']);
    Object.assign(process.stdout, { columns: 20, rows: 10 });
    using _code = codes.show(1, { ssid: SAMPLE_CODE.ssid, payload: SAMPLE_CODE.text, withinMs: 1000 });
    expect(said.at(-1)).toContain('this terminal has 20 x 10 characters');
  } finally {
    process.stdout.write = write;
    Object.assign(process.stdout, size);
  }
});

it('refuses a recipe with a code before the first unit when nothing could show it', async () => {
  const { status, events } = await invoke(...run('--json'));
  expect(status).not.toBe(0);
  expect(events).toMatchObject([{ event: 'error', code: 'bad-input' }]);
  expect(JSON.stringify(events)).toContain('--codes');
  expect(setup.readDatabase((database) => database.runs.listOfBatch(setup.batchId, 9))).toEqual([]);
});

it.runIf(LONG)('writes the code as a picture that a camera reads, and removes it', async () => {
  const dir = join(setup.dir, 'codes');
  const watching = new AbortController();
  const { inner } = setup.units.simulator;
  const camera = watchPictures(
    dir,
    async (unit, file) => {
      const code = await readCodeInPicture(file, watching.signal);
      await inner.stimulate(unit, { kind: 'scan', code });
    },
    watching.signal,
  );
  const { status, events, stdout } = await invoke(...run('--codes', dir, '--json'));
  watching.abort();
  await camera.catch(() => undefined);
  expect(events.filter(({ event }) => event === 'run.finished')).toMatchObject([
    { outcome: 'PASS', firstFailure: null },
  ]);
  expect(status).toBe(0);
  expect(readdirSync(dir)).toEqual([]);
  expect(stdout).not.toContain(NETWORK.password);
  expect(filesWith(setup.dataDir, NETWORK.password)).toEqual([]);
});
