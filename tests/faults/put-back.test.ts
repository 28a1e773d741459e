import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodePlatform, restoreStation, type Station } from '#station';
import { databaseFile } from '../../station/core/database/index.ts';
import { faultOf } from '../support/fault-of.ts';
import { openStation, startStation } from '../kit/station.ts';
import { simulated, serialOf } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';

const by = { user: 'Chen', role: 'support' } as const;

function putBack(backup: string, dataDir: string): void {
  for (const part of ['', '-wal', '-shm']) rmSync(databaseFile(dataDir) + part, { force: true });
  copyFileSync(backup, databaseFile(dataDir));
}

describe('a backup that was copied into place by hand', () => {
  it('hands out nothing that was burned since: it is refused, and a restore makes it safe', async () => {
    await using setup = await startStation({
      units: simulated(2),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 3,
    });
    const { dataDir } = setup;
    const open = (): Promise<Station> =>
      openStation(dataDir, {
        slots: [1, 2].map((slot) => ({ slot, portPath: join(setup.dir, `port${slot}`) })),
      });
    const backup = await setup.station.health.backUp('20260101T000000', by);
    const first = await setup.run(1);
    expect(first.outcome).toBe('PASS');
    await setup.station.close();
    // The unchanged directory opens again, repeatedly.
    await (await open()).close();
    await (await open()).close();

    putBack(backup, dataDir);
    const refused = await faultOf(open);
    expect(refused).toMatchObject({ code: 'database-corrupt', details: { why: 'older than its mark' } });
    expect(refused.hint).toContain('restore --from');

    const away = join(setup.dir, 'put-back.db');
    renameSync(databaseFile(dataDir), away);
    const request = { from: away, reason: 'put back by hand', approver: 'Wang', by };
    expect(await restoreStation(createNodePlatform(dataDir), request)).toMatchObject({ quarantined: 3 });
    const station = await open();
    const { batchId } = station.batches.state().batches[0] ?? { batchId: '' };
    const second = station.startUnit({ batchId, serialNumber: serialOf(2), operator: 'Li', slot: 2 });
    expect(await second.finished).toMatchObject({ failure: { code: 'pool-empty' } });
    expect(setup.units.simulator.inner.flashOf(2).identity).toBeNull();
    await station.close();
    // The mark then belongs to the restored database.
    await (await open()).close();
  });

  it('is as good as the database itself when nothing was written since', async () => {
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 2,
    });
    await setup.run(1);
    const backup = await setup.station.health.backUp('20260101T000000', by);
    await setup.station.close();
    putBack(backup, setup.dataDir);
    const station = await openStation(setup.dataDir);
    expect(station.database.findViolations()).toEqual([]);
    await station.close();
    expect(existsSync(join(setup.dataDir, 'station.mark'))).toBe(true);
  });
});
