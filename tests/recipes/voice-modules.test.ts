import { describe, expect, it } from 'vitest';
import { runAndReplay, startSample } from './sample-station.ts';
import { partOf } from '../support/rotation.ts';

/** With the step that finds it. */
const DEFECTS = [
  ['is deaf', { fault: 'deaf' }, 'light-on'],
  ['has a dead pin', { fault: 'pin-stuck' }, 'lit'],
  ['hears badly', { fault: 'drift', value: 'microphone', by: -500 }, 'microphone'],
  [
    'advertises the last digits of its MAC only',
    { fault: 'ble-wrong-name', name: 'JX_SU_63t_CA2C1D' },
    'advertises',
  ],
  ['is not on air', { fault: 'ble-silent' }, 'advertises'],
] as const;

describe('the sample recipe of the SU-63T', () => {
  const start = (faults: Parameters<typeof startSample>[1]['faults'] = { units: {} }) =>
    startSample('voice-su63t.yaml', { profile: 'voice-su63t', board: 'numato', ble: true, faults });

  it('powers, hears, sees its pin, and leaves it without power', async () => {
    await using setup = await start();
    const result = await runAndReplay(setup);
    expect(result.failure).toBeNull();
    expect(result.outcome).toBe('PASS');
    expect(result.chipId).toBe(setup.units.simulator.inner.units[0]!.mac.replaceAll(':', ''));
    expect(setup.values(result)).toMatchObject({
      'pin-dark': 0,
      'pin-lit': 1,
      'pin-dark-again': 0,
      volume: 4,
    });
    expect(setup.units.simulator.events.at(-1)).toMatchObject({ event: 'sim.powered', on: false });
    expect(setup.units.simulator.inner.flashOf(1).identity).toBeNull();
  });

  it.each(partOf(DEFECTS, 2))('fails one that %s', async (_, fault, step) => {
    await using setup = await start({ units: { '1': [{ ...fault } as never] } });
    expect(await runAndReplay(setup)).toMatchObject({ outcome: 'FAIL', failure: { step } });
  });
});

describe('the sample recipe of the CI-03T', () => {
  it('reaches its bootloader', async () => {
    await using setup = await startSample('voice-ci03t-bootloader.yaml', {
      profile: 'voice-ci03t',
      // The bootloader listens for a second, which a busy machine meets.
      timeScale: 5,
    });
    const result = await setup.run();
    expect(result.failure).toBeNull();
    expect(result.outcome).toBe('PASS');
    expect(result.chipId).toBe(setup.units.simulator.inner.units[0]!.mac.replaceAll(':', ''));
  });
});

describe('the sample recipe of the JX-12F', () => {
  it.each(['documented', 'opposite'] as const)('passes a good one (%s dialect)', async (dialect) => {
    await using setup = await startSample('voice-jx12f.yaml', { profile: 'voice-jx12f', dialect });
    const result = await setup.run();
    expect(result.failure).toBeNull();
    expect(result).toMatchObject({ outcome: 'PASS', productId: 'GWVOICE001' });
  });

  it('fails one that is deaf', async () => {
    await using setup = await startSample('voice-jx12f.yaml', {
      profile: 'voice-jx12f',
      faults: { units: { '1': [{ fault: 'deaf' }] } },
    });
    expect(await setup.run()).toMatchObject({ outcome: 'FAIL', failure: { step: 'light-on' } });
  });
});
