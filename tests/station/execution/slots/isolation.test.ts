import { afterEach, describe, expect, it } from 'vitest';
import { readRecipe, type RunResult } from '#station';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Peer, type PeerLine, peerRecipe, startPeers } from '../../support/peer-line.ts';

const STEPS = [1, 2, 3, 4, 5]
  .map(
    (n) =>
      `- { verb: request, name: v${n}, text: 'V${n}?', end: lf, expect: 'V${n}=([0-9.]+)', withinMs: 1500, measure: [{ name: v${n}, group: 1, as: number, unit: V, limits: { min: 3, max: 4 } }] }`,
  )
  .join('\n');
const ANSWER_MS = 15;
/** As much as a line of 460,800 baud carries. */
const FLOOD_BYTES_PER_MS = 46;
const FLOOD_TICK_MS = 5;

const good: Peer = (bytes, say) => {
  const asked = /V(\d)\?/.exec(bytes.toString('latin1'))?.[1];
  if (asked !== undefined) setTimeout(() => say(`V${asked}=3.${asked}\r\n`), ANSWER_MS);
};
const silent: Peer = () => undefined;

let line: PeerLine | null = null;
const timers: NodeJS.Timeout[] = [];
afterEach(async () => {
  for (const timer of timers.splice(0)) clearInterval(timer);
  await line?.[Symbol.asyncDispose]();
  line = null;
});

const SCRIPTS = {
  'hangs.ts': `import { defineScript } from 'gongwei/script';\nexport default defineScript(() => { for (;;); });`,
  'throws.ts': `import { defineScript } from 'gongwei/script';\nexport default defineScript(() => { throw new Error('no such thing'); });`,
};

/** Another batch of this line: one script step. */
async function scriptBatch(at: PeerLine, file: keyof typeof SCRIPTS, timeoutMs: number): Promise<string> {
  const path = join(at.dir, `${file}.yaml`);
  writeFileSync(join(at.dir, file), SCRIPTS[file]);
  writeFileSync(path, peerRecipe(`- { verb: script, file: ${file}, timeoutMs: ${timeoutMs} }`));
  return at.station.batches.create({ recipe: await readRecipe(path), quantity: 9 }).batchId;
}

describe('slots at once', () => {
  it('do their work in their usual time beside one that hangs, one that is unplugged, one that floods and two scripts', async () => {
    const unplugged: Peer = (bytes) => {
      if (bytes.includes('V3?')) line?.pairs[5]?.close();
    };
    const first: Peer = (bytes, say) => (bytes.includes('V3?') ? unplugged(bytes, say) : good(bytes, say));
    const flooding: Peer = (_bytes, say) => {
      if (timers.length > 0) return;
      const noise = Buffer.alloc(FLOOD_TICK_MS * FLOOD_BYTES_PER_MS, 'V1 xx\n');
      timers.push(setInterval(() => say(noise), FLOOD_TICK_MS));
    };
    const healthy = [1, 2, 3, 4];
    line = await startPeers(peerRecipe(STEPS), [good, good, good, good, silent, first, flooding, good, good]);
    const at = line;
    const { station } = at;
    const alone: number[] = [];
    for (const slot of healthy) alone.push((await at.run(slot, null)).ms);

    const hangs = await scriptBatch(at, 'hangs.ts', 1000);
    const throws = await scriptBatch(at, 'throws.ts', 20_000);
    const script = async (batchId: string, slot: number): Promise<RunResult> =>
      station.startUnit({ batchId, serialNumber: `S${slot}`, operator: 'Li', slot }).finished;
    const troubled = Promise.all([at.run(5), at.run(6), at.run(7), script(hangs, 8), script(throws, 9)]);
    const rounds = await Promise.all(
      healthy.map(async (slot) => {
        const results: RunResult[] = [];
        for (let round = 0; round < 5; round++) results.push(await at.run(slot, null));
        return results;
      }),
    );

    const [hung, pulled, flooded, hanging, throwing] = await troubled;
    expect(hung.failure).toMatchObject({ code: 'device-silent', step: 'v1' });
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
    const times = rounds.map((results) => results.map(({ ms }) => ms).toSorted((a, b) => a - b)[2] ?? 0);
    // The bench says how near they come; here the machine may be busy with anything.
    for (const ms of times) expect(ms).toBeLessThan(2 * Math.max(...alone) + 200);
    // What was measured before the cable was pulled is kept.
    expect(station.database.runs.listMeasurements(pulled.runId).map(({ name }) => name)).toEqual([
      'v1',
      'v2',
    ]);
  });
});
