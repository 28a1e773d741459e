import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRecording, readRecording, replayRun } from '#station';
import { stoppedBy } from '../../../../station/execution/slots/index.ts';
import { recipeText } from '../../support/recipe-text.ts';
import { PRODUCT } from '../../support/sample-store.ts';
import { eventOf, startLine } from '../../support/station-line.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { expectSameAgain } from './replay-support.ts';
import { soon } from '../../../support/patience.ts';

describe('what was around a unit is in its recording', () => {
  it('the ledger: what the unit holds and who else has it', async () => {
    await using line = await startLine({ units: 3, triples: 5 });
    const write = async (slot: number, deviceName: string): Promise<void> => {
      await using terminal = await line.simulator.talkTo(slot);
      const command = `AT+TCDEVINFOSET=1,"${PRODUCT}","${deviceName}","IyXmUW5sU/q1vnb5yzTkeQ=="`;
      await terminal.ask(command, /\+TCDEVINFOSET: ?OK/);
    };
    // Foreign, in the pool, another unit's; then the number of another unit.
    await write(1, 'foreign');
    const foreign = await line.run(1);
    await write(1, 'dev5');
    const pooled = await line.run(1, null);
    const passed = await line.run(2);
    await write(3, passed.deviceName ?? '');
    const others = await line.run(3);
    expect([foreign, pooled, others].map(({ failure }) => failure?.details['because'])).toEqual([
      'foreign',
      'pool-triple-on-device',
      'held-by-other-unit',
    ]);
    const number = await line.run(2, 'SN000099');
    expect(number.failure?.code).toBe('serial-conflict');
    for (const result of [foreign, pooled, passed, others, number])
      await expectSameAgain(line.dataDir, result, 2);
  });

  it('an empty pool', async () => {
    await using line = await startLine({ units: 2, triples: 1 });
    await line.run(1);
    const empty = await line.run(2);
    expect(empty.failure?.code).toBe('pool-empty');
    await expectSameAgain(line.dataDir, empty, 2);
  });

  it('a registry that does not answer', async () => {
    await using line = await startLine({ units: 1, recipe: recipeText({ confirm: 'registry' }) });
    await line.registry.close();
    const result = await line.run(1);
    expect(result.failure?.code).toBe('registry-unreachable');
    await expectSameAgain(line.dataDir, result, 2);
  });

  it('the operator who stopped it, and a port that is not there', async () => {
    const pause = `  - { name: pause, steps: [{ verb: wait, ms: 30000 }] }\n`;
    await using line = await startLine({ units: 1, recipe: recipeText({ steps: pause }) });
    const waiting = eventOf(line.station, 1, 'step', ({ step }) => step.name === 'wait');
    const running = line.run(1);
    await waiting;
    line.station.slots.stop(1, stoppedBy('operator'));
    const stopped = await running;
    expect(stopped.outcome).toBe('ABORTED');
    line.unwire(1);
    const missing = await line.run(1);
    expect(missing.failure?.code).toBe('port-missing');
    for (const result of [stopped, missing]) await expectSameAgain(line.dataDir, result, 2);
  });
});

it('is replayed on another machine from its file alone', async () => {
  using elsewhere = tempDir('elsewhere');
  const copy = join(elsewhere.path, 'run.jsonl');
  {
    await using line = await startLine({
      units: 1,
      simulator: { faults: { units: { 1: [{ fault: 'echo-on' }] } } },
    });
    const { runId } = await line.run(1);
    copyFileSync(findRecording(line.dataDir, runId), copy);
  }
  expect(await replayRun(readRecording(copy), {}, soon())).toMatchObject({ now: 'PASS', same: true });

  // Cut anywhere, as a killed station leaves it: read up to there, replayed up to there.
  const text = readFileSync(copy, 'utf8');
  const header = text.indexOf('\n') + 1;
  const shares = [0, 0.2, 0.5, 0.8].map((share) => Math.floor(header + (text.length - header) * share));
  // Also right before what belongs to the bytes above: those that were written late, and where a secret was.
  const apart = [...text.matchAll(/^.*"type":"(?:late-bytes|masked)"/gm)].map(({ index }) => index);
  expect(apart.length).toBeGreaterThan(0);
  for (const end of [...shares, ...apart.slice(0, 3)]) {
    writeFileSync(copy, text.slice(0, end));
    const recording = readRecording(copy);
    expect(recording.cutOff).toBe(true);
    const replay = await replayRun(recording, {}, soon());
    expect(replay).toMatchObject({ then: null, now: null, same: true, differences: [] });
  }
});
