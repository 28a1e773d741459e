import { describe, expect, it } from 'vitest';
import { type InstrumentFault, startSimInstruments } from '#simulator';
import { Fault } from '#shared/domain/fault.ts';
import { instrumentSetting, type InstrumentSetting } from '#shared/domain/instrument.ts';
import { findRecordings, readRecording, replayRun, STATION_ITSELF } from '#station';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';
import { nextRunEvent, startStation, type TestStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnit } from '../../../kit/units.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { until } from '../../../support/until.ts';

const silent: ScriptedUnit = () => undefined;

/** Names the instruments of a station. */
function name({ station }: TestStation, ...settings: Partial<InstrumentSetting>[]): void {
  station.lending.instrumentSettings.set(
    settings.map((setting) => instrumentSetting.parse(setting)),
    STATION_ITSELF,
  );
}

/** A recipe that powers its unit, measures its current, and switches it off in teardown. */
const POWERED = (main: string, hold = 'hold: [psu]'): string => `${describedRecipe(`- { verb: wait, ms: 1 }`)}
  - name: powered
    ${hold}
    steps:
      - { verb: send, name: level, instrument: psu, text: 'VOLT 5;CURR 0.5' }
      - { verb: request, name: on, instrument: psu, text: 'OUTP ON;*OPC?', expect: '^1$' }
${main}
  - name: off
    kind: teardown
    ${hold}
    steps: [{ verb: send, name: off, instrument: psu, text: OUTP OFF }]
`;

const CURRENT = `      - verb: measure
        name: current
        instrument: psu
        text: 'MEAS:CURR?'
        measure: [{ name: current, as: number, scale: 1000, unit: mA, limits: { min: 10, max: 300 } }]`;

describe('the instruments of a station', () => {
  it('power a unit and measure its current; the replay of the run needs none', async () => {
    const powered: boolean[] = [];
    await using sim = await startSimInstruments({ timeScale: 0, onPower: (on) => powered.push(on) });
    await using test = await startStation({ units: scripted([silent]), recipe: POWERED(CURRENT) });
    name(test, { name: 'psu', address: sim.supply.address });
    const run = await test.run();
    expect(run.failure).toBeNull();
    expect(run.outcome).toBe('PASS');
    expect(test.values(run)['current']).toBeGreaterThan(10);
    expect(powered).toEqual([true, false]);
    const [path] = findRecordings(test.dataDir, run.runId);
    await sim[Symbol.asyncDispose]();
    const compared = await replayRun(readRecording(path ?? ''), {}, NEVER_ABORTED);
    expect(compared.differences).toEqual([]);
    expect(compared).toMatchObject({ replayed: 'PASS', same: true, sameMeasurements: true });
  });

  it('are lent to one slot at a time, in the order of the requests', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    await using test = await startStation({
      units: scripted([silent, silent, silent]),
      recipe: POWERED(CURRENT),
    });
    name(test, { name: 'psu', address: sim.supply.address });
    const order: string[] = [];
    const { station } = test;
    using _turn = await station.lending.instruments.take(['psu'], 9, () => undefined, NEVER_ABORTED);
    station.onRunEvent((slot, event) => {
      if (event.kind === 'waiting') order.push(`${slot} ${event.names ?? 'has it'}`);
    });
    const runs = [];
    for (const slot of [2, 1, 3]) {
      runs.push(test.run(slot));
      const waits = (): boolean => station.slots.state.slots[slot - 1]?.run?.waitsFor === 'psu';
      await until(waits, `slot ${slot} to wait`);
    }
    _turn[Symbol.dispose]();
    const ended = await Promise.all(runs);
    expect(ended.map(({ outcome }) => outcome)).toEqual(['PASS', 'PASS', 'PASS']);
    expect(order).toEqual(['2 psu', '1 psu', '3 psu', '2 has it', '1 has it', '3 has it']);
  });

  it('are waited for outside of the time of a step, up to a limit of their own', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    const steps = `- { verb: send, instrument: psu, text: 'VOLT 5', timeoutMs: 1 }`;
    await using test = await startStation({ units: scripted([silent]), recipe: describedRecipe(steps) });
    name(test, { name: 'psu', address: sim.supply.address, turnTimeoutMs: 1000 });
    using _turn = await test.station.lending.instruments.take(['psu'], 9, () => undefined, NEVER_ABORTED);
    const run = await test.run();
    expect(run).toMatchObject({ outcome: 'ERROR', failure: { code: 'instrument-busy' } });
  });

  it('are given back, with what is set for that, after teardown of a run that was stopped', async () => {
    const sent: boolean[] = [];
    await using sim = await startSimInstruments({ timeScale: 0, onPower: (on) => sent.push(on) });
    const recipe = POWERED(`      - { verb: wait, name: long, ms: 60000 }`).replace(
      / {2}- name: off\n[^]*$/,
      '',
    );
    await using test = await startStation({ units: scripted([silent]), recipe });
    name(test, { name: 'psu', address: sim.supply.address, onRelease: 'OUTP OFF' });
    const { station } = test;
    const waiting = nextRunEvent(station, 1, 'step', ({ step }) => step.name === 'long');
    const running = test.run();
    await waiting;
    expect(sim.isOn()).toBe(true);
    // The connection breaks meanwhile: what is set is sent over a new one.
    sim.supply.disconnect();
    station.slots.stop(1, new Fault('cancelled', 'stopped by the test'));
    expect((await running).outcome).toBe('ABORTED');
    expect(sim.isOn()).toBe(false);
    const again = await station.lending.instruments.take(['psu'], 1, () => undefined, NEVER_ABORTED);
    again[Symbol.dispose]();
  });

  it('get what is set for giving back from the next start of a station that was killed', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    const recipe = POWERED('').replace(/ {2}- name: off\n[^]*$/, '');
    await using test = await startStation({ units: scripted([silent]), recipe });
    name(test, { name: 'psu', address: sim.supply.address });
    const { runId } = await test.run();
    expect(sim.isOn()).toBe(true);
    name(test, { name: 'psu', address: sim.supply.address, onRelease: 'OUTP OFF' });
    // As the run of a killed station: it has no end.
    const { runs, batches } = test.station.database;
    const row = runs.findById(runId);
    const recipeHash = batches.findById(test.batchId)?.recipeHash ?? '';
    test.station.database.writeRelaxed(() =>
      runs.add({
        runId: 'killed',
        batchId: test.batchId,
        slot: 1,
        portPath: test.ports[0] ?? '',
        serialNumber: 'SN1',
        station: 'S1',
        operator: 'Li',
        appVersion: '0',
        recipeHash,
        firmwareSha256: null,
        startedAtMs: row?.startedAtMs ?? 0,
      }),
    );
    await test.restart();
    expect(test.station.recovery.interruptedRuns).toEqual(['killed']);
    await until(() => !sim.isOn(), 'the supply to be switched off');
  });

  it('are required before a unit starts, and a batch is selected', async () => {
    await using test = await startStation({ units: scripted([silent]), recipe: POWERED(CURRENT) });
    const fault = await faultOf(() => test.run());
    expect(fault).toMatchObject({ code: 'instrument-missing', details: { instrument: 'psu' } });
    // One of another slot does not count; one of this slot does.
    name(test, { name: 'psu', address: 'tcp://127.0.0.1:9', slot: 2 });
    expect((await faultOf(() => test.run())).code).toBe('instrument-missing');
    name(test, { name: 'psu', address: 'tcp://127.0.0.1:9', slot: 1 });
    const run = await test.run();
    expect(run).toMatchObject({ outcome: 'ERROR', failure: { code: 'instrument-unreachable' } });
    // Nothing was switched on, so teardown does not try again.
    expect(test.steps(run, 'off')).toEqual([]);
  });

  it('blame themselves and not the unit', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    await using test = await startStation({
      units: scripted([silent]),
      recipe: describedRecipe(`- verb: measure
  name: volts
  instrument: dmm
  text: 'MEAS:VOLT?'
  withinMs: 100
  retries: 1
  measure: [{ name: volts, as: number, unit: V, limits: { min: 1 } }]`),
    });
    name(test, { name: 'dmm', address: sim.meter.address });
    const outcomeWith = async (...faults: InstrumentFault[]): Promise<string> => {
      sim.meter.setFaults(faults);
      const { outcome, failure } = await test.run();
      return `${outcome} ${failure?.code ?? ''}`;
    };
    // Of the two attempts none is made after a fault of the station.
    expect(await outcomeWith({ fault: 'silent', times: 1 })).toBe('ERROR instrument-silent');
    expect(await outcomeWith({ fault: 'drop', times: 1 })).toBe('ERROR instrument-unreachable');
    expect(await outcomeWith({ fault: 'error', code: '-240' })).toBe('ERROR instrument-error');
    expect(await outcomeWith({ fault: 'garbage', times: 1 })).toBe('ERROR instrument-error');
    // The meter is right: the voltage is too low.
    expect(await outcomeWith()).toBe('FAIL limit-exceeded');
  });

  it('are in doubt for the next run after one that was left without an answer', async () => {
    await using sim = await startSimInstruments({ serial: true });
    const measure = (name: string, text: string, withinMs: number): string => `- verb: measure
  name: ${name}
  instrument: psu
  text: '${text}'
  withinMs: ${withinMs}
  measure: [{ name: ${name}, as: number, limits: { min: 0 } }]`;
    const start = (recipe: string): Promise<TestStation> =>
      startStation({ units: scripted([silent]), recipe: describedRecipe(recipe) });
    await using test = await start(measure('volts', 'VOLT?', 40));
    name(test, { name: 'psu', address: sim.supply.address });
    sim.supply.setFaults([{ fault: 'late-answer', overtaken: true, ms: 700, times: 1 }]);
    expect(await test.run()).toMatchObject({ failure: { code: 'instrument-silent' } });
    const { instruments, instrumentSettings } = test.station.lending;
    const [psu] = instrumentSettings.all();
    expect(psu && instruments.isDoubtful(psu)).toBe(true);
    // The answer comes after the silence that the next run waits for, and before it asks.
    const run = await test.run();
    expect(run.failure).toBeNull();
    expect(psu && instruments.isDoubtful(psu)).toBe(false);
    const [path] = findRecordings(test.dataDir, run.runId);
    const recording = readRecording(path ?? '');
    const asked = [...recording.entries.values()].flatMap((entry) =>
      entry.type === 'tx' && entry.port !== undefined ? [entry.bytes?.trim()] : [],
    );
    expect(asked).toContain('*OPC?');
    expect(await replayRun(recording, {}, NEVER_ABORTED)).toMatchObject({ same: true, differences: [] });
  });

  it('are used by scripts, which read blocks too', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    const script = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ instrument, measure }) => {
  const psu = instrument('psu');
  const dmm = instrument('dmm');
  await psu.send('VOLT 3.3;OUTP ON');
  const answer = await psu.request('VOLT?', { expect: /^(\\S+)$/ });
  await measure('set', Number(answer.captures[0]));
  await measure('read', Math.round(10 * Number(await dmm.query('MEAS:VOLT?'))) / 10);
  await dmm.query('SAMP:COUN 4;:READ?');
  const block = await dmm.block('TRAC:DATA?');
  await measure('bytes', block.length);
});
`;
    const steps = '- { verb: script, file: own.ts, instruments: [psu, dmm] }';
    await using test = await startStation({
      units: scripted([silent]),
      recipe: parsedRecipe(describedRecipe(steps), { 'own.ts': script }),
    });
    name(test, { name: 'psu', address: sim.supply.address }, { name: 'dmm', address: sim.meter.address });
    const run = await test.run();
    expect(run.failure).toBeNull();
    expect(test.values(run)).toEqual({ set: 3.3, read: 3.3, bytes: 16 });
  });
});
