import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Client } from '#shared/rpc/index.ts';
import { Session } from '#shared/rpc/index.ts';
import type { StationContract } from '#shared/contract/index.ts';
import type { ReopenableStation } from '#station';
import { openReopenable } from '../../../kit/reopenable.ts';
import { addTriples } from '../../../kit/sample-rows.ts';
import { openStation, startStation, TEST_PIN } from '../../../kit/station.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { soon } from '../../../support/patience.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { addRuns, addSampleBatch, manyRuns } from '../../results/reports/sample-batch.ts';
import { partOf } from '../../../support/rotation.ts';

interface Setup {
  readonly page: Client<StationContract>;
  readonly station: ReopenableStation;
  readonly session: Session;
  readonly backup: string;
}

/** A station with a database that takes a while to be read, one backup, and an engineer at a page. */
async function openAtWork(stack: AsyncDisposableStack) {
  const dataDir = join(stack.use(tempDir('at-work')).path, 'station');
  const setup = stack.use(await startStation({ dataDir, users: { 陈静: 'engineer', 李伟: 'support' } }));
  const { database } = setup.station;
  addTriples(database, 5000, 'PRODUCT009');
  addSampleBatch(database);
  addRuns(database, [...manyRuns(600)]);
  await setup.close();
  const opened = stack.use(await openReopenable(dataDir));
  const session = new Session({ role: 'operator', user: 'operator' });
  const page = opened.page(session);
  await page.call('session.signIn', { name: '陈静', pin: TEST_PIN });
  const { name } = await page.call('backups.make', {});
  return { dataDir, page, station: opened.station, session, backup: name };
}

/** All files of some folders of a data directory. */
function filesIn(dataDir: string): string[] {
  return ['backups', 'exports', 'uploads', 'set-aside', 'downloads', '.']
    .filter((folder) => existsSync(join(dataDir, folder)))
    .flatMap((folder) =>
      readdirSync(join(dataDir, folder), { recursive: folder !== '.' }).map((name) =>
        join(folder, String(name)),
      ),
    )
    .filter((name) => !/^(?:station\.|logs|recordings)/.test(name))
    .sort();
}

/** Begins the work; `begun` resolves when it is under way. */
type Work = (setup: Setup, begun: () => void) => Promise<unknown>;

const watched =
  (topic: 'backupWork' | 'exports', work: Work): Work =>
  (setup, begun) => {
    setup.page.watch(topic, {
      onState({ running }) {
        if (running.length > 0) begun();
      },
    });
    return work(setup, begun);
  };

const WORKS: Readonly<Record<string, Work>> = {
  'an export': watched('exports', ({ page }) => page.call('reports.export', { batchId: 'B', format: 'csv' })),
  'a backup': watched('backupWork', ({ page }) => page.call('backups.make', {})),
  'the preview of a restore': watched('backupWork', ({ page, backup }) =>
    page.call('backups.preview', { name: backup }),
  ),
  'a restore that has not begun to close the station': watched('backupWork', ({ page, backup }) => {
    const approval = { reason: 'a test', approver: '李伟', approverPin: TEST_PIN };
    return page.call('backups.restore', { name: backup, ...approval, passphrase: null });
  }),
  'an upload': ({ station, session }, begun) => {
    const source = (async function* () {
      yield Buffer.alloc(1000);
      begun();
      // The page sends nothing more.
      await new Promise(() => undefined);
    })();
    return station.receiveUpload('station-20260101T000000.db', 5000, source, session.current, soon());
  },
};

describe('a station that is closed during', () => {
  test.each(partOf(Object.entries(WORKS), 2))('%s leaves nothing half done', async (_, work) => {
    await using stack = new AsyncDisposableStack();
    const setup = await openAtWork(stack);
    const before = filesIn(setup.dataDir);
    const begun = Promise.withResolvers<void>();
    const fault = faultOf(() => work(setup, begun.resolve));
    await begun.promise;
    await setup.station.close();
    expect(['cancelled', 'disconnected']).toContain((await fault).code);
    expect(filesIn(setup.dataDir).filter((name) => name.endsWith('.part'))).toEqual([]);

    const again = await openStation(setup.dataDir);
    expect(again.database.runs.count()).toBe(600);
    expect(again.database.checkIntegrity()).toBe(null);
    await again.close();
    const left = filesIn(setup.dataDir).filter((name) => !before.includes(name));
    // Folders may have been made; there is no file in them.
    expect(left.filter((name) => /[\\/]/.test(name))).toEqual([]);
  });
});
