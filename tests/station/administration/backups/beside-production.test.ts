import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { BackupWorkState } from '#shared/contract/index.ts';
import { Session } from '#shared/rpc/index.ts';
import { openReopenable } from '../../../kit/reopenable.ts';
import { addTriples } from '../../../kit/sample-rows.ts';
import { startStation, TEST_PIN } from '../../../kit/station.ts';
import { countTurns } from '../../../support/count-turns.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { soon } from '../../../support/patience.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';
import { LONG } from '../../../support/depth.ts';

/** Reading without a pause leaves the event loop only the few turns of its own waits. */
const FREE_TURNS = 100;

/** A station with a database of some megabytes, and an engineer at a page. */
async function openLarge(stack: AsyncDisposableStack) {
  const dir = stack.use(tempDir('large')).path;
  const dataDir = join(dir, 'station');
  const setup = stack.use(await startStation({ dataDir, users: { 陈静: 'engineer', 李伟: 'support' } }));
  addTriples(setup.station.database, 20_000, 'PRODUCT009');
  await setup.close();
  const opened = stack.use(await openReopenable(dataDir));
  const session = new Session({ role: 'operator', user: 'operator' });
  const page = opened.page(session);
  await page.call('session.signIn', { name: '陈静', pin: TEST_PIN });
  const backups = (): string[] => readdirSync(join(dataDir, 'backups')).sort();
  return { dir, dataDir, opened, session, page, backups };
}

describe('the event loop of a station turns while a whole database is read for', () => {
  test.runIf(LONG)('a backup, its preview, an added backup and the thorough check-up', async () => {
    await using stack = new AsyncDisposableStack();
    const { dir, dataDir, opened, session, page } = await openLarge(stack);
    const seen: BackupWorkState[] = [];
    page.watch('backupWork', { onState: (state) => void seen.push(state) });
    const made = await countTurns(() => page.call('backups.make', {}));
    const { name } = made.result;
    const preview = await countTurns(() => page.call('backups.preview', { name }));
    expect(preview.result).toMatchObject({ quarantined: 20_000, runsSince: 0 });
    const copy = join(dir, 'from-usb.db');
    copyFileSync(join(dataDir, 'backups', name), copy);
    const bytes = readFileSync(copy);
    const source = Readable.from([bytes]);
    const { fileId } = await opened.station.receiveUpload(
      'usb.db',
      bytes.length,
      source,
      session.current,
      soon(),
    );
    const added = await countTurns(() => page.call('backups.add', { fileIds: [fileId] }));
    const examined = await countTurns(() => page.call('doctor.examine', { thorough: true }));
    const turns = { made, preview, added, examined };
    for (const [what, { turns: count }] of Object.entries(turns))
      expect({ what, isFree: count > FREE_TURNS }).toEqual({ what, isFree: true });

    await until(() => seen.at(-1)?.running.length === 0, 'the work to be reported as done');
    const kinds = new Set(seen.flatMap(({ running }) => running.map(({ kind }) => kind)));
    expect([...kinds]).toEqual(['make', 'preview', 'add']);
  });
});

describe('work on a backup that is cancelled', () => {
  test('leaves nothing behind, neither by its page nor by the close of the station', async () => {
    await using stack = new AsyncDisposableStack();
    const { opened, page, backups } = await openLarge(stack);
    const { name } = await page.call('backups.make', {});
    const stop = new AbortController();
    const begun = Promise.withResolvers<void>();
    page.watch('backupWork', {
      onState({ running }) {
        if (running.length > 0) begun.resolve();
      },
    });
    const making = faultOf(() => page.call('backups.make', {}, { signal: stop.signal }));
    await begun.promise;
    stop.abort();
    expect((await making).code).toBe('cancelled');
    await until(() => backups().every((one) => !one.endsWith('.part')), 'the copy to be removed');
    const preview = faultOf(() => page.call('backups.preview', { name }));
    const closing = opened.station.close();
    expect((await preview).code).toBe('disconnected');
    await closing;
    expect(backups().filter((one) => one.endsWith('.part'))).toEqual([]);
  });
});
