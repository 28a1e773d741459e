import { describe, expect, it } from 'vitest';
import type { RunResult } from '#station';
import { unitFault, type UnitFault } from '../../simulator/faults/index.ts';
import type { TestStation } from '../kit/station.ts';
import { outcomes, runAndReplay, startSample } from './sample-station.ts';
import { partOf } from '../support/rotation.ts';

const SAMPLES = [
  ['described-full', 'full'],
  ['described-frames', 'sha256'],
  ['described-gatt', 'name'],
] as const;

const units = (profile: string, ...faults: UnitFault[]): Parameters<typeof startSample>[1] => ({
  profile,
  ble: profile === 'described-gatt',
  faults: { units: { '1': faults } },
});

const proofOf = ({ station }: TestStation, { runId }: RunResult): unknown =>
  station.database.runs.findById(runId)?.proof;

describe.each(SAMPLES)('the sample recipe %s', (profile, readBack) => {
  it('burns a good unit and records what the read-back proves', async () => {
    await using setup = await startSample(`${profile}.yaml`, units(profile));
    const result = await runAndReplay(setup);
    expect(result).toMatchObject({ outcome: 'PASS', failure: null });
    expect(proofOf(setup, result)).toMatchObject({ readBack });
    const { identity } = setup.units.simulator.inner.flashOf(1);
    expect(identity?.deviceName).toBe(result.deviceName);
  });
});

const WRITE_FAULTS: readonly [string, Parameters<typeof unitFault.parse>[0]][] = [
  ['described-full', { fault: 'reject-write', times: 1 }],
  ['described-full', { fault: 'write-no-reply', times: 1 }],
  ['described-full', { fault: 'reboot-on-write', times: 1 }],
  ['described-full', { fault: 'forget', times: 1 }],
  ['described-full', { fault: 'split', times: 4 }],
  ['described-frames', { fault: 'reboot-on-write', when: 'before', times: 1 }],
  ['described-frames', { fault: 'garbage', times: 2 }],
  ['described-gatt', { fault: 'write-no-reply', times: 1 }],
  ['described-gatt', { fault: 'ble-drop', times: 1 }],
];

describe('faults of a write', () => {
  it.each(partOf(WRITE_FAULTS, 4))('%s burns a unit with %j', async (profile, fault) => {
    await using setup = await startSample(`${profile}.yaml`, units(profile, unitFault.parse(fault)));
    const result = await setup.run();
    expect(result.failure, outcomes(setup, result).join(', ')).toBeNull();
    expect(setup.units.simulator.inner.flashOf(1).identity?.deviceName).toBe(result.deviceName);
  });
});

describe('a wrong secret', () => {
  it.each(['described-full', 'described-frames'])('is written again in %s', async (profile) => {
    const wrong = unitFault.parse({ fault: 'store-wrong', sameChecksum: true, times: 1 });
    await using setup = await startSample(`${profile}.yaml`, units(profile, wrong));
    const result = await setup.run();
    expect(result.outcome).toBe('PASS');
    expect(outcomes(setup, result)).toContain('burn-triple FAIL');
  });

  it('is not seen by a read-back of the name, and the record says so', async () => {
    const wrong = unitFault.parse({ fault: 'store-wrong', times: 1 });
    await using setup = await startSample('described-gatt.yaml', units('described-gatt', wrong));
    const result = await setup.run();
    expect(proofOf(setup, result)).toEqual({ readBack: 'name', online: 'none', unproven: true });
  });
});
