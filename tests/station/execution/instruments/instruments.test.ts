import { describe, expect, it } from 'vitest';
import { startSimInstruments } from '#simulator';
import { instrumentSetting, type InstrumentSetting } from '#shared/domain/instrument.ts';
import { findRecordings, readRecording, replayRun, STATION_ITSELF } from '#station';
import { describedRecipe } from '../../../kit/recipes.ts';
import { nextRunEvent, startStation, type TestStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnit } from '../../../kit/units.ts';
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
});
