import { describe, expect, it } from 'vitest';
import { instrumentSetting } from '#shared/domain/instrument.ts';
import { startSimInstruments } from '#simulator';
import { STATION_ITSELF } from '#station';
import { outcomes, runAndReplay, startSample } from './sample-station.ts';

describe('the sample recipe of a module that a supply powers', () => {
  it('powers it, measures its current, and leaves the supply off', async () => {
    await using setup = await startSample('at-wifi-module-supply.yaml', { profile: 'at-module' });
    const { simulator } = setup.units;
    await simulator.inner.power(1, false);
    const powered: boolean[] = [];
    await using sim = await startSimInstruments({
      timeScale: 0,
      onPower: (on) => {
        powered.push(on);
        void simulator.inner.power(1, on);
      },
    });
    setup.station.lending.instrumentSettings.set(
      [instrumentSetting.parse({ name: 'psu', address: sim.supply.address })],
      STATION_ITSELF,
    );
    const result = await runAndReplay(setup);
    expect(result.failure).toBeNull();
    expect(result.outcome).toBe('PASS');
    expect(outcomes(setup, result)).toContain('boots PASS');
    expect(setup.values(result)['supply']).toBeCloseTo(3.3, 1);
    expect(setup.values(result)['idle-current']).toBeGreaterThan(30);
    expect(powered).toEqual([true, false]);
  });
});
