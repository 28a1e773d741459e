import { describe, expect, it } from 'vitest';

import { Terminal } from '../kit/terminal.ts';
import { outcomes, runAndReplay, startSample } from './sample-station.ts';

describe('the sample recipe of a module that an LCUS board powers', () => {
  const start = (faults: Parameters<typeof startSample>[1]['faults'] = { units: {} }) =>
    startSample('at-wifi-module-relay.yaml', { profile: 'at-module', board: 'lcus', faults });

  it('finds it silent, has it boot, passes it, and leaves it silent', async () => {
    await using setup = await start();
    const { simulator } = setup.units;
    const isSilent = async (): Promise<void> => {
      await using terminal = await Terminal.open(simulator.pathOf(1));
      await expect(terminal.ask('AT', undefined, 300)).rejects.toThrow(/got ""/);
    };
    await isSilent();
    const result = await runAndReplay(setup);
    expect(result.failure).toBeNull();
    expect(result).toMatchObject({ outcome: 'PASS', productId: 'GWDEMO0001' });
    expect(outcomes(setup, result)).toContain('boots PASS');
    await simulator.event('sim.powered', ({ on }) => !on);
    expect(powered(simulator.events)).toEqual([true, false]);
    await isSilent();
    expect(simulator.inner.flashOf(1)).toMatchObject({ identityWrites: 1 });
  });

  it('takes its power away from one that does not boot', async () => {
    await using setup = await start({ units: { '1': [{ fault: 'silent' }] } });
    const result = await runAndReplay(setup);
    expect(result).toMatchObject({ outcome: 'FAIL', failure: { step: 'boots' } });
    await setup.units.simulator.event('sim.powered', ({ on }) => !on);
    expect(powered(setup.units.simulator.events)).toEqual([true, false]);
  });
});

/** The switching of the unit's supply, in order. */
function powered(events: readonly { readonly event: string; readonly on?: boolean }[]): unknown[] {
  return events.filter(({ event }) => event === 'sim.powered').map(({ on }) => on);
}
