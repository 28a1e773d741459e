import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodePlatform, createStation, restoreStation, type Station } from '#station';
import { databaseFile } from '../../station/core/database/index.ts';
import { faultOf } from '../station/support/fault-of.ts';
import { serialOf, startLine } from '../station/support/station-line.ts';

const by = { user: 'Chen', role: 'support' } as const;

function putBack(backup: string, dataDir: string): void {
  for (const part of ['', '-wal', '-shm']) rmSync(databaseFile(dataDir) + part, { force: true });
  copyFileSync(backup, databaseFile(dataDir));
}

describe('a backup that was copied into place by hand', () => {
  it('hands out nothing that was burned since: it is refused, and a restore makes it safe', async () => {
    await using line = await startLine({ units: 2, triples: 3 });
    const { dataDir } = line;
    const open = (): Promise<Station> =>
      createStation(createNodePlatform(dataDir), {
        slots: [1, 2].map((slot) => ({ slot, portPath: join(line.dir, `port${slot}`) })),
        appVersion: '0',
        autoSync: false,
      });
    const backup = await line.station.health.backUp('20260101T000000', by);
    const first = await line.run(1);
    expect(first.outcome).toBe('PASS');
    await line.station.close();
    // As it was left it opens again, however often.
    await (await open()).close();
    await (await open()).close();

    putBack(backup, dataDir);
    const refused = await faultOf(open);
    expect(refused).toMatchObject({ code: 'database-corrupt', details: { why: 'older than its mark' } });
    expect(refused.hint).toContain('restore --from');

    const away = join(line.dir, 'put-back.db');
    renameSync(databaseFile(dataDir), away);
    const order = { from: away, reason: 'put back by hand', approver: 'Wang', by };
    expect(await restoreStation(createNodePlatform(dataDir), order)).toMatchObject({ quarantined: 3 });
    const station = await open();
    const { batchId } = station.batches.state().batches[0] ?? { batchId: '' };
    const second = station.startUnit({ batchId, serialNumber: serialOf(2), operator: 'Li', slot: 2 });
    expect(await second.finished).toMatchObject({ failure: { code: 'pool-empty' } });
    expect(line.simulator.inner.flashOf(2).identity).toBeNull();
    await station.close();
    // And from here on the mark is that of the restored one.
    await (await open()).close();
  });

  it('is as good as the database itself when nothing was written since', async () => {
    await using line = await startLine({ units: 1, triples: 2 });
    await line.run(1);
    const backup = await line.station.health.backUp('20260101T000000', by);
    await line.station.close();
    putBack(backup, line.dataDir);
    const station = await createStation(createNodePlatform(line.dataDir), { slots: [], appVersion: '0' });
    expect(station.database.findViolations()).toEqual([]);
    await station.close();
    expect(existsSync(join(line.dataDir, 'station.mark'))).toBe(true);
  });
});
