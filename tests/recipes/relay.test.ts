import { describe, expect, it } from 'vitest';

import { Terminal } from '../simulator/support/terminal.ts';
import { startFamily } from './support/family-line.ts';

describe('the sample recipe of a module that an LCUS board powers', () => {
  const start = (faults: Parameters<typeof startFamily>[1]['faults'] = { units: {} }) =>
    startFamily('at-wifi-module-relay.yaml', { profile: 'at-module', board: 'lcus', faults });

  it('finds it silent, has it boot, passes it, and leaves it silent', async () => {
    await using line = await start();
    const { simulator } = line;
    const isSilent = async (): Promise<void> => {
      await using terminal = await Terminal.open(simulator.pathOf(1));
      await expect(terminal.ask('AT', undefined, 300)).rejects.toThrow(/got ""/);
    };
    await isSilent();
    const result = await line.run();
    expect(result.failure).toBeNull();
    expect(result).toMatchObject({ outcome: 'PASS', productId: 'GWDEMO0001' });
    expect(line.steps(result)).toContain('boots PASS');
    await simulator.event('sim.powered', ({ on }) => !on);
    expect(powered(simulator.events)).toEqual([true, false]);
    await isSilent();
    expect(simulator.inner.flashOf(1)).toMatchObject({ identityWrites: 1 });
  });

  it('takes its power away from one that does not boot', async () => {
    await using line = await start({ units: { '1': [{ fault: 'silent' }] } });
    const result = await line.run();
    expect(result).toMatchObject({ outcome: 'FAIL', failure: { step: 'boots' } });
    await line.simulator.event('sim.powered', ({ on }) => !on);
    expect(powered(line.simulator.events)).toEqual([true, false]);
  });
});

/** What became of the unit's supply, in order. */
function powered(events: readonly { readonly event: string; readonly on?: boolean }[]): unknown[] {
  return events.filter(({ event }) => event === 'sim.powered').map(({ on }) => on);
}
