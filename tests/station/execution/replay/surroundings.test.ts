import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRecording, readRecording, replayRun } from '#station';
import { stoppedBy } from '../../../../station/execution/slots/index.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { expectSameAgain } from './replay-support.ts';
import { soon } from '../../../support/patience.ts';
import { startStation, nextRunEvent } from '../../../kit/station.ts';
import { simulated } from '../../../kit/units.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';

describe('a recording contains the surroundings of its unit', () => {
  it('the ledger: what the unit holds and who else has it', async () => {
    await using setup = await startStation({
      units: simulated(3),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 5,
    });
    const write = async (slot: number, deviceName: string): Promise<void> => {
      await using terminal = await setup.units.simulator.talkTo(slot);
      const command = `AT+TCDEVINFOSET=1,"${PRODUCT}","${deviceName}","IyXmUW5sU/q1vnb5yzTkeQ=="`;
      await terminal.ask(command, /\+TCDEVINFOSET: ?OK/);
    };
    // Foreign, in the pool, another unit's; then the number of another unit.
    await write(1, 'foreign');
    const foreign = await setup.run(1);
    await write(1, 'dev5');
    const pooled = await setup.run(1, null);
    const passed = await setup.run(2);
    await write(3, passed.deviceName ?? '');
    const others = await setup.run(3);
    expect([foreign, pooled, others].map(({ failure }) => failure?.details['because'])).toEqual([
      'foreign',
      'pool-triple-on-device',
      'held-by-other-unit',
    ]);
    const number = await setup.run(2, 'SN000099');
    expect(number.failure?.code).toBe('serial-conflict');
    for (const result of [foreign, pooled, passed, others, number])
      await expectSameAgain(setup.dataDir, result, 2);
  });

  it('an empty pool', async () => {
    await using setup = await startStation({
      units: simulated(2),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 1,
    });
    await setup.run(1);
    const empty = await setup.run(2);
    expect(empty.failure?.code).toBe('pool-empty');
    await expectSameAgain(setup.dataDir, empty, 2);
  });

  it('a registry that does not answer', async () => {
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe({ confirm: 'registry' }),
    });
    await setup.registry.service.close();
    const result = await setup.run(1);
    expect(result.failure?.code).toBe('registry-unreachable');
    await expectSameAgain(setup.dataDir, result, 2);
  });

  it('the operator who stopped it, and a port that is not there', async () => {
    const pause = `  - { name: pause, steps: [{ verb: wait, ms: 30000 }] }\n`;
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe({ steps: pause }),
    });
    const waiting = nextRunEvent(setup.station, 1, 'step', ({ step }) => step.name === 'wait');
    const running = setup.run(1);
    await waiting;
    setup.station.slots.stop(1, stoppedBy('operator'));
    const stopped = await running;
    expect(stopped.outcome).toBe('ABORTED');
    setup.units.removePort(1);
    const missing = await setup.run(1);
    expect(missing.failure?.code).toBe('port-missing');
    for (const result of [stopped, missing]) await expectSameAgain(setup.dataDir, result, 2);
  });
});

it('is replayed on another machine from its file alone', async () => {
  using elsewhere = tempDir('elsewhere');
  const copy = join(elsewhere.path, 'run.jsonl');
  {
    await using setup = await startStation({
      units: simulated(1, { faults: { units: { 1: [{ fault: 'echo-on' }] } } }),
      registry: 'real',
      recipe: moduleRecipe(),
    });
    const { runId } = await setup.run(1);
    copyFileSync(findRecording(setup.dataDir, runId), copy);
  }
  expect(await replayRun(readRecording(copy), {}, soon())).toMatchObject({ replayed: 'PASS', same: true });

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
    expect(replay).toMatchObject({ recorded: null, replayed: null, same: true, differences: [] });
  }
});
