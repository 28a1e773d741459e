import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodePlatform, createStation } from '#station';
import { faultOf } from '../support/fault-of.ts';
import { PRODUCT } from '../support/sample-store.ts';
import { serialOf, startLine } from '../support/station-line.ts';
import { soon } from '../../support/patience.ts';

describe('two copies of one ledger, each vouched for', () => {
  it('never pass two units with one triple: the registry keeps the first unit that logged in with it', async () => {
    await using line = await startLine({ units: 2, triples: 3 });
    const dataDir = join(line.dir, 'copy');
    execFileSync('cp', ['-a', line.dataDir, dataDir]);
    const vouched = { reason: 'wrongly', approver: 'Wang', by: { user: 'Chen', role: 'engineer' } as const };
    const copy = await createStation(createNodePlatform(dataDir), {
      slots: [{ slot: 2, portPath: join(line.dir, 'port2') }],
      appVersion: '0',
      autoSync: false,
      moved: vouched,
    });
    const first = await line.run(1);
    const started = copy.startUnit({
      batchId: line.batchId,
      serialNumber: serialOf(2),
      operator: 'Li',
      slot: 2,
    });
    const second = await started.finished;

    expect(first).toMatchObject({ outcome: 'PASS', deviceName: 'dev1' });
    expect(line.simulator.inner.flashOf(2).identity?.deviceName).toBe('dev1');
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
    expect(await line.run(1, null)).toMatchObject({ outcome: 'PASS', deviceName: 'dev1' });
    for (const station of [copy, line.station]) await station.sync.drain(soon());
    expect(line.station.database.outbox.getCounts()).toMatchObject({ pending: 0, parked: 0 });
    const registry = line.station.registry();
    expect(await registry?.unit(second.chipId ?? '', soon())).toMatchObject({
      device: null,
    });

    // Nor does the returns desk give one identity to both.
    const request = { action: 'reissue', reason: 'twin', approver: 'Wang' } as const;
    const by = { user: 'Chen', role: 'support' } as const;
    const signal = soon();
    await line.station.returns.act({ ...request, slot: 1 }, by, signal);
    expect(line.simulator.inner.flashOf(1).identity?.deviceName).toBe('dev2');
    expect(await faultOf(() => copy.returns.act({ ...request, slot: 2 }, by, signal))).toMatchObject({
      code: 'identity-conflict',
      details: { deviceName: 'dev2', holder: first.chipId },
    });
    expect(copy.database.triples.findByName(PRODUCT, 'dev2')?.state).toBe('quarantined');
    await copy.close();
  });
});
