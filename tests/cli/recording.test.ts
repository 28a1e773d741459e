import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRecording } from '#station';
import type { UnitFault } from '#simulator';
import { tempDir } from '../support/temp-dir.ts';
import { invoke } from '../kit/in-process.ts';
import { startStation } from '../kit/station.ts';
import { simulated } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';

const FAULTS: UnitFault[] = [
  { fault: 'garbage', bytes: 20 },
  { fault: 'split', pieces: 4, pauseMs: 5 },
  { fault: 'write-no-reply', times: 1 },
];

interface Row {
  readonly type: string;
  readonly name: string;
  readonly atMs: number;
  readonly entry: number;
}

describe('a recording at the terminal', () => {
  const dir = tempDir('recording');
  const file = join(dir.path, 'run.jsonl');
  let secret = '';

  beforeAll(async () => {
    await using setup = await startStation({
      units: simulated(1, { faults: { units: { 1: FAULTS } } }),
      registry: 'real',
      recipe: moduleRecipe({ commandTimeoutMs: 2000 }),
    });
    const { runId, deviceName } = await setup.run(1);
    secret = setup.registry.secrets.get(deviceName ?? '') ?? '';
    // Whatever it needs is in the file: neither the station nor the unit is there any more.
    writeFileSync(file, readFileSync(findRecording(setup.dataDir, runId)));
  });
  afterAll(() => dir[Symbol.dispose]());

  it('is printed as a transcript: times, directions, headings, results, and no secret', async () => {
    const { status, stdout } = await invoke('recording', 'show', file);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^run [0-9a-f-]+ · \d{4}-.*SN000001 · slot 1 · .*station S1 · batch test/);
    expect(stdout).toMatch(/\n +\d+\.\d ══ phase burn\n/);
    expect(stdout).toMatch(/\n +\d+\.\d ── step burn-triple\n/);
    expect(stdout).toMatch(
      /\n +\d+\.\d > AT\+TCDEVINFOSET=1,"[A-Z0-9]+","dev1","\*\*\*","ap-guangzhou"\\r\\n\n/,
    );
    expect(stdout).toMatch(/\n +\d+\.\d · 2000 ms are over\n/);
    expect(stdout).toMatch(/── flash-size: PASS in [\d.]+ ms\n +flash-size = 2 MB \(1 … 16 MB\)/);
    expect(stdout.trimEnd()).toMatch(/══ PASS$/);
    expect(stdout).not.toContain(secret);
  });

  it('that was truncated is shown and replayed up to its end; later steps are unknown', async () => {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as Partial<Row>);
    const at = entries.findIndex(({ type, name }) => type === 'phase' && name === 'test') + 1;
    // The recorder writes the bytes that it held back before it marks its end. About one secret in 256 has a form that
    // begins with a line feed, so that the end of the last command is among them.
    const held = entries
      .slice(at)
      .filter(({ type, entry }) => type === 'late-bytes' && entry !== undefined && entry < at);
    const full = { atMs: entries[at]?.atMs ?? 0, type: 'truncated', characters: 16 * 1024 ** 2 };
    const always = ['phase', 'step', 'attempt', 'outcome', 'stop'];
    const behind = entries.slice(at).filter(({ type }) => always.includes(type ?? ''));
    const capped = join(dir.path, 'capped.jsonl');
    writeFileSync(
      capped,
      [...entries.slice(0, at), ...held, full, ...behind].map((e) => `${JSON.stringify(e)}\n`).join(''),
    );

    const shown = await invoke('recording', 'show', capped);
    expect(shown.stdout).toMatch(
      /══ from here on only phases and steps were kept: the recording has 16 MB\n/,
    );
    expect(shown.stdout.trimEnd()).toMatch(/══ PASS$/);
    const replayed = await invoke('recording', 'replay', capped);
    expect(replayed.status).toBe(1);
    expect(replayed.stdout).toMatch(/^ +burn +burn-triple +PASS +PASS *$/m);
    expect(replayed.stdout).toMatch(/^≠ +test +flash-size +PASS +— +the recording cannot say$/m);
    expect(replayed.stdout).toMatch(
      /then PASS, now cannot tell: the recording is complete only up to [\d.]+ s/,
    );
    const { events } = await invoke('recording', 'replay', capped, '--json');
    expect(events.find(({ event }) => event === 'replay.finished')).toMatchObject({
      then: 'PASS',
      now: null,
      same: false,
      wholeUntilMs: full.atMs,
    });
  });

  it('shows bytes in hex, and everything as JSON', async () => {
    const hexed = await invoke('recording', 'show', file, '--hex');
    expect(hexed.stdout).toMatch(/> 41 54 0D 0A +AT\.\.\n/);
    const { events } = await invoke('recording', 'show', file, '--json');
    expect(events[0]).toMatchObject({
      event: 'recording.entry',
      gongwei: 'recording/3',
      serialNumber: 'SN000001',
    });
    expect(events.some((e) => e['type'] === 'tx' && String(e['bytes']).startsWith('AT+TCDEVINFOSET='))).toBe(
      true,
    );
    expect(events.at(-1)).toMatchObject({ event: 'recording.end', cutOff: false });
  });

  it('has the same result in ten replays', async () => {
    const { status, events } = await invoke('recording', 'replay', file, '--times', '10', '--json');
    const finished = events.filter((e) => e.event === 'replay.finished');
    expect(finished).toHaveLength(10);
    for (const one of finished)
      expect(one).toMatchObject({ then: 'PASS', now: 'PASS', same: true, sameMeasurements: true });
    expect(events.filter((e) => e.event === 'replay.difference')).toEqual([]);
    expect(events.at(-1)).toMatchObject({ event: 'replay.done', times: 10, same: 10 });
    expect(status).toBe(0);
  });

  it('shows the result of another recipe for the unit', async () => {
    const recipe = join(dir.path, 'stricter.yaml');
    writeFileSync(recipe, moduleRecipe({ commandTimeoutMs: 2000 }).replace('min: 1,', 'min: 4,'));
    const { status, stdout } = await invoke('recording', 'replay', file, '--recipe', recipe);
    expect(status).toBe(1);
    expect(stdout).toMatch(/≠ +test +flash-size +PASS +FAIL +flash-size is 2 MB, limits 4 … 16 MB\n/);
    expect(stdout).toMatch(/\n +leave +log-out +PASS +PASS\n/);
    expect(stdout).toMatch(/then PASS, now FAIL: not the same, replayed in \d+ ms\n/);

    writeFileSync(
      recipe,
      moduleRecipe({ commandTimeoutMs: 2000 }).replace('send: AT+TCMODULE', 'send: AT+ADC?'),
    );
    const other = await invoke('recording', 'replay', file, '--recipe', recipe);
    expect(other.stdout).toMatch(
      /at \d+\.\d{3} s, step flash-size: the run sent "AT\+ADC\?\\r\\n" where the recording has "AT\+TCMODULE\\r\\n"/,
    );
    expect(other.stdout).toMatch(/flash-size +PASS +\? +the recording cannot say: no answer to AT\+ADC\?/);
    expect(other.status).toBe(1);
    const { events } = await invoke('recording', 'replay', file, '--recipe', recipe, '--json');
    expect(events.find((e) => e['step'] === 'flash-size')).toMatchObject({
      event: 'replay.step',
      then: { outcome: 'PASS' },
      now: { outcome: 'FAIL' },
      unheard: true,
    });
    const difference = {
      step: 'step flash-size',
      attempt: 1,
      unanswered: true,
      ms: expect.any(Number) as number,
    };
    expect(events.find(({ event }) => event === 'replay.difference')).toMatchObject(difference);
    expect(events.find(({ event }) => event === 'replay.finished')).toMatchObject({ untold: difference });
  });

  it('of an older version is read, but not replayed', async () => {
    const old = join(dir.path, 'old.jsonl');
    writeFileSync(
      old,
      `{"gongwei":"recording/1","run":"r1","slot":1,"port":"/dev/ttyUSB0","recipe":"${'a'.repeat(64)}","at":1}\n` +
        '{"ms":0.1,"d":"#","b":"phase identify"}\n{"ms":1,"d":">","b":"AT\\r\\n"}\n{"ms":9.5,"d":"<","b":"\\r\\nOK\\r\\n"}\n',
    );
    const { stdout } = await invoke('recording', 'show', old);
    expect(stdout).toContain('run r1');
    expect(stdout).toContain('< \\r\\nOK\\r\\n');
    expect(stdout).not.toContain('ends here');
    const replayed = await invoke('recording', 'replay', old, '--json');
    expect(replayed.status).toBe(2);
    expect(replayed.events.at(-1)).toMatchObject({ event: 'error', code: 'bad-input' });
  });

  it('that is invalid or missing is refused in one line', async () => {
    const none = join(dir.path, 'none');
    writeFileSync(none, 'hello\n');
    for (const [name, code] of [
      [none, 'bad-input'],
      ['nowhere', 'not-found'],
    ] as const) {
      const { events } = await invoke('recording', 'show', name, '--json', '--data', dir.path);
      expect(events).toMatchObject([{ event: 'error', code }]);
    }
  });
});
