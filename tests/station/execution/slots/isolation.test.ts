import { afterEach, describe, expect, it } from 'vitest';
import { STATION_ITSELF, readRecipe, type RunResult } from '#station';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stoppedBy } from '../../../../station/execution/slots/index.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnits, type ScriptedUnit } from '../../../kit/units.ts';
import { describedRecipe } from '../../../kit/recipes.ts';

const stepsWithin = (withinMs: number): string =>
  [1, 2, 3, 4, 5]
    .map(
      (n) =>
        `- { verb: request, name: v${n}, text: 'V${n}?', end: lf, expect: 'V${n}=([0-9.]+)', withinMs: ${withinMs}, measure: [{ name: v${n}, group: 1, as: number, unit: V, limits: { min: 3, max: 4 } }] }`,
    )
    .join('\n');
const ANSWER_MS = 15;
/** As much as a line of 460,800 baud carries. */
const FLOOD_BYTES_PER_MS = 46;
const FLOOD_TICK_MS = 5;

const good: ScriptedUnit = (bytes, say) => {
  const asked = /V(\d)\?/.exec(bytes.toString('latin1'))?.[1];
  if (asked !== undefined) setTimeout(() => say(`V${asked}=3.${asked}\r\n`), ANSWER_MS);
};
const silent: ScriptedUnit = () => undefined;

let setup: TestStation<ScriptedUnits> | null = null;
const timers: NodeJS.Timeout[] = [];
afterEach(async () => {
  for (const timer of timers.splice(0)) clearInterval(timer);
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

const SCRIPTS = {
  'hangs.ts': `import { defineScript } from 'gongwei/script';\nexport default defineScript(() => { for (;;); });`,
  'throws.ts': `import { defineScript } from 'gongwei/script';\nexport default defineScript(() => { throw new Error('no such thing'); });`,
};

/** Another batch of this line, of these steps. */
async function batchOf(at: TestStation<ScriptedUnits>, name: string, steps: string): Promise<string> {
  const path = join(at.dir, `${name}.yaml`);
  for (const [file, source] of Object.entries(SCRIPTS)) writeFileSync(join(at.dir, file), source);
  writeFileSync(path, describedRecipe(steps));
  return at.station.batches.create({ recipe: await readRecipe(path), quantity: 9 }, STATION_ITSELF).batchId;
}

describe('slots at once', () => {
  it('do their work while one hangs, one is unplugged, one floods and two run bad scripts', async () => {
    const unplugged: ScriptedUnit = (bytes) => {
      if (bytes.includes('V3?')) setup?.units.ptys[5]?.unplug();
    };
    const first: ScriptedUnit = (bytes, say) =>
      bytes.includes('V3?') ? unplugged(bytes, say) : good(bytes, say);
    const flooding: ScriptedUnit = (_bytes, say) => {
      if (timers.length > 0) return;
      const noise = Buffer.alloc(FLOOD_TICK_MS * FLOOD_BYTES_PER_MS, 'V1 xx\n');
      timers.push(setInterval(() => say(noise), FLOOD_TICK_MS));
    };
    const healthy = [1, 2, 3, 4];
    setup = await startStation({
      units: scripted([good, good, good, good, silent, first, flooding, good, good]),
      recipe: describedRecipe(stepsWithin(60_000)),
    });
    const at = setup;
    const { station } = at;
    const hangs = await batchOf(at, 'hangs', '- { verb: script, file: hangs.ts, timeoutMs: 1000 }');
    const throws = await batchOf(at, 'throws', '- { verb: script, file: throws.ts }');
    const short = await batchOf(at, 'short', stepsWithin(1500));
    const start = (batchId: string, slot: number): Promise<RunResult> =>
      station.startUnit({ batchId, serialNumber: `S${slot}`, operator: 'Li', slot }).finished;
    // Nothing ends the run on slot 5 but the stop after the others' work.
    const hung = at.run(5);
    const troubled = Promise.all([at.run(6), start(short, 7), start(hangs, 8), start(throws, 9)]);
    const rounds = await Promise.all(
      healthy.map(async (slot) => {
        const results: RunResult[] = [];
        for (let round = 0; round < 5; round++) results.push(await at.run(slot, null));
        return results;
      }),
    );

    expect(station.slots.running().map(({ slot }) => slot)).toContain(5);
    const [pulled, flooded, hanging, throwing] = await troubled;
    station.slots.stop(5, stoppedBy('operator'));
    expect((await hung).outcome).toBe('ABORTED');
    expect(pulled.failure).toMatchObject({ code: 'port-lost', step: 'v3' });
    expect(flooded.failure).toMatchObject({ code: 'limit-exceeded', step: 'v1' });
    expect(hanging.outcome).toBe('TIMEOUT');
    expect(throwing.failure).toMatchObject({ code: 'script-failed' });

    for (const result of rounds.flat()) {
      expect(result).toMatchObject({ outcome: 'PASS', failure: null });
      const measured = station.database.runs.listMeasurements(result.runId);
      expect(measured.map(({ name, value }) => [name, value])).toEqual(
        [1, 2, 3, 4, 5].map((n) => [`v${n}`, Number(`3.${n}`)]),
      );
    }
    // What was measured before the cable was pulled is kept.
    expect(station.database.runs.listMeasurements(pulled.runId).map(({ name }) => name)).toEqual([
      'v1',
      'v2',
    ]);
  });
});
