import { describe, expect, it } from 'vitest';
import { openStation, startStation } from '../../../kit/station.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED as NEVER } from '../../../support/never-aborted.ts';
import { soon } from '../../../support/patience.ts';

const BY = { user: 'Chen', role: 'engineer' } as const;

describe('the key of the signatures', () => {
  it('is made once, is replaced by a decision, and the registry has every one', async () => {
    await using setup = await startStation({ registry: 'real', triples: 1 });
    const { registry } = setup;
    const first = setup.station.signingKeys.ensure();
    await setup.restart();
    expect(setup.station.signingKeys.ensure().keyId).toBe(first.keyId);
    const second = setup.station.signingKeys.rotate(BY);
    expect(setup.station.signingKeys.list().map(({ reason }) => reason)).toEqual(['first', 'rotated']);
    await setup.station.sync.drain(soon());
    await setup.station.sync.drain(soon());
    expect(registry.store.stations()[0]?.keys).toEqual([first.keyId, second.keyId]);
    const client = setup.station.registry();
    expect(await client?.keys.find(first.keyId, soon())).toMatchObject({
      stations: [{ station: 'S1', revoked: false }],
    });
    expect(await client?.keys.find('0'.repeat(64), soon())).toBeNull();
    // The key of the data is replaced: the key of the signatures stays.
    await setup.station.rotateKey(() => undefined, BY, NEVER);
    expect(setup.station.signingKeys.ensure().keyId).toBe(second.keyId);
  });

  it('is a new one when the private part is gone, and never one that another station has reported', async () => {
    await using setup = await startStation({ registry: 'real', triples: 1 });
    const first = setup.station.signingKeys.ensure();
    setup.station.database.transaction(() => setup.station.database.meta.remove('station.signing-key'));
    const next = setup.station.signingKeys.ensure();
    expect([next.reason, next.keyId === first.keyId]).toEqual(['lost', false]);
    await using other = await startStation({ sharedRegistry: setup.registry, name: 'S2' });
    const foreign = { ...first, proof: next.proof };
    const client = other.station.registry();
    expect(await faultOf(() => client?.keys.report([foreign], soon()))).toMatchObject({
      code: 'registry-refused',
    });
  });

  it('is not taken along by a copy of the data that is confirmed as moved', async () => {
    await using setup = await startStation();
    const first = setup.station.signingKeys.ensure();
    await setup.close();
    const platform = { machineId: () => 'another computer' };
    const moved = { reason: 'the old one broke', approver: 'Wang', by: BY };
    const station = await openStation(setup.dataDir, { moved }, platform);
    try {
      expect(station.signingKeys.ensure().keyId).not.toBe(first.keyId);
      expect(station.signingKeys.list().map(({ reason }) => reason)).toEqual(['first', 'lost']);
    } finally {
      await station.close();
    }
  });
});
