import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { contract } from '#shared/contract/index.ts';
import { connect, Session, createInMemoryTransports } from '#shared/rpc/index.ts';
import type { RunResult, Station } from '#station';
import { loadLibc, openPty, type PtyPair } from '../../../../simulator/pty/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';
import { describedRecipe } from '../../../kit/recipes.ts';
import { openStation } from '../../../kit/station.ts';
import { LONG } from '../../../support/depth.ts';

const HOST = fileURLToPath(new URL('./resume-host.ts', import.meta.url));
const STEPS = Array.from({ length: 12 }, (_, n) => n + 1);

/** A unit that answers each question once it has been let, and remembers what it was asked. */
interface Unit {
  readonly pair: PtyPair;
  readonly asked: string[];
  /** It is silent from this question on; 0 for never. */
  silentFrom: number;
  mac: string;
}

let open: { dir: ReturnType<typeof tempDir>; unit: Unit; station?: Station } | null = null;
afterEach(async () => {
  await open?.station?.close();
  open?.unit.pair.close();
  open?.dir[Symbol.dispose]();
  open = null;
});

function unitOnPty(): Unit {
  const pair = openPty(loadLibc());
  const unit: Unit = { pair, asked: [], silentFrom: 0, mac: 'AABBCCDDEE01' };
  pair.master.on('data', (bytes: Buffer) => {
    for (const text of bytes
      .toString()
      .split(/\r?\n/)
      .filter((one) => one !== '')) {
      unit.asked.push(text);
      const n = Number(/^Q(\d+)$/.exec(text)?.[1] ?? 0);
      if (n > 0 && unit.silentFrom > 0 && n >= unit.silentFrom) continue;
      pair.master.write(text === 'MAC?' ? `${unit.mac}\r\n` : `A${n}=${n}\r\n`);
    }
  });
  return unit;
}

const recipe = (resume: boolean): string =>
  describedRecipe(
    STEPS.map(
      (n) => `- verb: request
  name: q${n}
  text: Q${n}
  end: lf
  expect: 'A${n}=(\\d+)'
  withinMs: 20000
  capture: { a${n}: 1 }
  measure: [{ name: a${n}, group: 1, as: number, limits: { equals: ${n} } }]`,
    ).join('\n'),
    { top: resume ? 'resume: true' : '' },
  );

/** Starts a unit in a process of its own and kills that while it waits for the answer to the ninth question. */
async function killedAtNine(resume: boolean): Promise<{ dir: string; unit: Unit; batchId: string }> {
  const dir = tempDir('resume');
  const unit = unitOnPty();
  open = { dir, unit };
  unit.silentFrom = 9;
  writeFileSync(join(dir.path, 'recipe.yaml'), recipe(resume));
  const child = spawn(process.execPath, [HOST, dir.path, unit.pair.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  await until(() => unit.asked.includes('Q9'), 'the ninth question');
  child.kill('SIGKILL');
  await once(child, 'close');
  unit.asked.length = 0;
  unit.silentFrom = 0;
  return { dir: dir.path, unit, batchId: said.toString().trim() };
}

async function reopened(
  dir: string,
  unit: Unit,
): Promise<{ station: Station; finished: Promise<RunResult[]> }> {
  const slots = [{ slot: 1, portPath: unit.pair.path }];
  const station = await openStation(join(dir, 'station'), { slots });
  if (open !== null) open.station = station;
  const finished = new Promise<RunResult[]>((resolve) => {
    station.onRunEvent((_slot, event) => {
      if (event.kind === 'finished') resolve([event.result]);
    });
  });
  return { station, finished };
}

describe('a station that is killed in the middle of a run of twelve steps', () => {
  it('keeps every measurement up to the last finished step, and ends the run as ERROR', async () => {
    const { dir, unit } = await killedAtNine(false);
    const { station } = await reopened(dir, unit);
    const [runId = ''] = station.recovery.interruptedRuns;
    expect(station.database.runs.findById(runId)).toMatchObject({
      outcome: 'ERROR',
      // Not the eighth, the last that is in its record.
      failure: { code: 'interrupted', phase: 'test', step: 'q9' },
    });
    expect(station.database.runs.listMeasurements(runId).map(({ value }) => value)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(unit.asked).toEqual([]);
  });

  it('goes on with the step that was under way, where the recipe allows it', async () => {
    const { dir, unit } = await killedAtNine(true);
    const { station, finished } = await reopened(dir, unit);
    // Its label may lie before the scanner yet, and answers nothing that the run asks.
    const [here, there] = createInMemoryTransports();
    station.serve(there, new Session({ role: 'operator', user: 'Li' }));
    const client = connect(contract, here);
    expect((await faultOf(() => client.call('slots.scan', { text: 'SN1' }))).code).toBe('scan-repeated');
    client.close();
    const [result] = await finished;
    expect(result).toMatchObject({ outcome: 'PASS', serialNumber: 'SN1', chipId: 'AABBCCDDEE01' });
    // Setup again, then the ninth and what follows it.
    expect(unit.asked).toEqual(['MAC?', 'Q9', 'Q10', 'Q11', 'Q12']);
    const { runs } = station.database;
    const runId = result?.runId ?? '';
    expect(runs.listMeasurements(runId).map(({ value }) => value)).toEqual(STEPS);
    expect(runs.listSteps(runId).map(({ step }) => step)).toEqual([
      'identify',
      ...STEPS.slice(0, 8).map((n) => `q${n}`),
      'identify',
      ...STEPS.slice(8).map((n) => `q${n}`),
    ]);
    expect(runs.listUnfinished()).toEqual([]);
  });

  it.runIf(LONG)('does not go on with another unit', async () => {
    const { dir, unit } = await killedAtNine(true);
    unit.mac = 'AABBCCDDEE02';
    const { finished } = await reopened(dir, unit);
    const [result] = await finished;
    expect(result).toMatchObject({ outcome: 'ERROR', failure: { code: 'interrupted', step: 'identify' } });
    expect(unit.asked).toEqual(['MAC?']);
  });
});
