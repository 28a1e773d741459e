import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultOf } from '../../support/fault-of.ts';
import { PRODUCT } from '../../kit/sample-rows.ts';
import { soon } from '../../support/patience.ts';
import { openStation, startStation } from '../../kit/station.ts';
import { simulated, serialOf } from '../../kit/units.ts';
import { moduleRecipe } from '../../kit/recipes.ts';

describe('two copies of one ledger, each vouched for', () => {
  it('never pass two units with one triple: the registry keeps the first unit that logged in with it', async () => {
    await using setup = await startStation({
      units: simulated(2),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 3,
    });
    const dataDir = join(setup.dir, 'copy');
    execFileSync('cp', ['-a', setup.dataDir, dataDir]);
    const vouched = { reason: 'wrongly', approver: 'Wang', by: { user: 'Chen', role: 'engineer' } as const };
    const copy = await openStation(dataDir, {
      slots: [{ slot: 2, portPath: join(setup.dir, 'port2') }],
      moved: vouched,
    });
    const first = await setup.run(1);
    const started = copy.startUnit({
      batchId: setup.batchId,
      serialNumber: serialOf(2),
      operator: 'Li',
      slot: 2,
    });
    const second = await started.finished;

    expect(first).toMatchObject({ outcome: 'PASS', deviceName: 'dev1' });
    expect(setup.units.simulator.inner.flashOf(2).identity?.deviceName).toBe('dev1');
    expect(second).toMatchObject({
      outcome: 'ERROR',
      failure: {
        code: 'identity-conflict',
        details: { because: 'bound-elsewhere', deviceName: 'dev1', holder: first.chipId },
      },
    });
    expect(copy.returns.pendingCases()).toMatchObject([{ slot: 2, serialNumber: serialOf(2) }]);
    expect(copy.database.triples.listInState('quarantined').map((row) => row.deviceName)).toEqual(['dev1']);
    // The first is confirmed as often as it is asked, and its result counts; nothing of the second is bound.
    copy.slots.acknowledge(2);
    expect(await setup.run(1, null)).toMatchObject({ outcome: 'PASS', deviceName: 'dev1' });
    for (const station of [copy, setup.station]) await station.sync.drain(soon());
    expect(setup.station.database.outbox.getCounts()).toMatchObject({ pending: 0, parked: 0 });
    const registry = setup.station.registry();
    expect(await registry?.unit(second.chipId ?? '', soon())).toMatchObject({
      device: null,
    });

    // Nor does the returns desk give one identity to both.
    const request = { action: 'reissue', reason: 'twin', approver: 'Wang' } as const;
    const by = { user: 'Chen', role: 'support' } as const;
    const signal = soon();
    await setup.station.returns.act({ ...request, slot: 1 }, by, signal);
    expect(setup.units.simulator.inner.flashOf(1).identity?.deviceName).toBe('dev2');
    expect(await faultOf(() => copy.returns.act({ ...request, slot: 2 }, by, signal))).toMatchObject({
      code: 'identity-conflict',
      details: { deviceName: 'dev2', holder: first.chipId },
    });
    expect(copy.database.triples.findByName(PRODUCT, 'dev2')?.state).toBe('quarantined');
    await copy.close();
  });
});
