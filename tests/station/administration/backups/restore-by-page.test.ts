import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Fault } from '#shared/domain/fault.ts';
import { Session } from '#shared/rpc/index.ts';
import { openReopenable } from '../../../kit/reopenable.ts';
import { startStation, TEST_PIN } from '../../../kit/station.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { soon } from '../../../support/patience.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const PASSPHRASE = 'four random words here';
const ME = { role: 'engineer', user: '陈静' } as const;

/** A station with people and leased triples, opened as a host with pages opens it. */
async function openWithTriples(stack: AsyncDisposableStack) {
  const dir = stack.use(tempDir('restore')).path;
  const dataDir = join(dir, 'station');
  const setup = stack.use(
    await startStation({
      dataDir,
      registry: 'real',
      triples: 3,
      users: { 陈静: 'engineer', 李伟: 'support' },
    }),
  );
  await setup.close();
  const opened = stack.use(await openReopenable(dataDir));
  const session = new Session({ role: 'operator', user: 'operator' });
  const page = opened.page(session);
  await page.call('session.signIn', { name: '陈静', pin: TEST_PIN });
  return { dir, dataDir, registry: setup.registry, session, page, opened, station: opened.station };
}

describe('backups by page', () => {
  test('a restore says before what it does, needs a second person, and issues no identity twice', async () => {
    await using stack = new AsyncDisposableStack();
    const { dataDir, registry, session, station, page, opened } = await openWithTriples(stack);
    await station.current.access.add('赵六', 'engineer', TEST_PIN, ME);
    station.current.access.accounts.setEnabled('赵六', false, ME);
    // Asked for twice at once, as by two people.
    const [made] = await Promise.all([page.call('backups.make', {}), page.call('backups.make', {})]);
    expect(made.state).toMatchObject({ canRestore: true, restored: null });
    expect(statSync(join(dataDir, 'backups', made.name)).mode & 0o077).toBe(0);
    expect(made.state.backups.map(({ name }) => name)).toContain(made.name);
    // After the backup somebody is added, and the station leases another triple.
    await station.current.access.add('王芳', 'engineer', TEST_PIN, ME);
    registry.store.seedProduct({ productId: PRODUCT, count: 1, prefix: 'later' });
    await station.current.pool.lease(PRODUCT, 1, ME, soon());

    const preview = await page.call('backups.preview', { name: made.name });
    expect(preview).toMatchObject({ quarantined: 4, inUnits: 0, key: 'own', usersGone: ['王芳'] });
    expect(preview.users.map(({ name }) => name)).not.toContain('赵六');
    expect(preview.users.map(({ name }) => name)).toEqual(['李伟', '陈静']);

    const first = station.current;
    const order = { name: made.name, reason: 'the disk was exchanged', passphrase: null };
    for (const [approver, pin, code] of [
      ['李伟', '999999', 'pin-wrong'],
      ['陈静', TEST_PIN, 'approver-refused'],
    ] as const) {
      const refused = await faultOf(() =>
        page.call('backups.restore', { ...order, approver, approverPin: pin }),
      );
      expect(refused.code).toBe(code);
    }
    expect(station.current).toBe(first);

    await page.call('backups.restore', { ...order, approver: '李伟', approverPin: TEST_PIN });
    const restored = await opened.reopenedAfter(first);
    const again = opened.page(session);
    // Who restored it is known in the backup, too, and stays signed in.
    expect(await again.call('session.current', {})).toMatchObject({ user: '陈静', role: 'engineer' });
    const state = await again.call('backups.list', {});
    expect(state.restored).toMatchObject({ by: '陈静', fault: null, report: { quarantined: 4 } });
    expect(existsSync(join(dataDir, state.restored?.report?.setAside ?? ''))).toBe(true);
    expect(JSON.stringify(state)).not.toContain(dataDir);
    // The three of the backup, and the one that was leased later: none of them can be assigned.
    const { counts } = restored.pool.state().products.find(({ productId }) => productId === PRODUCT) ?? {};
    expect(counts).toMatchObject({ available: 0, quarantined: 4 });
    expect(restored.database.audit.findLastOf(['station.restore'])).toMatchObject({ actor: '陈静' });
    expect(restored.access.users().map(({ name }) => name)).not.toContain('王芳');
    const everything = [...restored.database.audit.iterate()].map(({ details }) => details).join();
    expect(everything).not.toContain(TEST_PIN);
  });

  test('a backup of the page is copied to the second folder, and says when that is not there', async () => {
    await using stack = new AsyncDisposableStack();
    const { dir, page } = await openWithTriples(stack);
    const folder = join(dir, 'usb');
    mkdirSync(folder);
    await page.call('backups.schedule', { everyHours: 24, kept: 7, folder });
    const made = await page.call('backups.make', {});
    const [ofStation = ''] = readdirSync(folder);
    expect(readdirSync(join(folder, ofStation))).toEqual([made.name]);
    expect(made.state).toMatchObject({ fault: null, copyAtMs: expect.any(Number) as number });
    rmSync(folder, { recursive: true });
    const alone = await page.call('backups.make', {});
    expect(alone.state.fault).toMatchObject({ code: 'file-missing', details: { path: folder } });
    expect(alone.state.backups.map(({ name }) => name)).toContain(alone.name);
  });

  test('a backup leaves with its key and comes back by upload; a damaged one is refused', async () => {
    await using stack = new AsyncDisposableStack();
    const { dir, session, station, page } = await openWithTriples(stack);
    const { name } = await page.call('backups.make', {});
    const short = await faultOf(() => page.call('backups.download', { name, passphrase: 'short' }));
    expect(short.code).toBe('bad-input');
    const { files } = await page.call('backups.download', { name, passphrase: PASSPHRASE });
    expect(files.map((file) => file.name)).toEqual([name, name.replace('.db', '.key')]);
    const [database, key] = files.map(({ fileId }) => station.file(fileId, ME)?.path ?? '');
    expect(station.file(files[0]?.fileId ?? '', { role: 'support', user: '李伟' })).toBe(null);
    expect(readFileSync(key ?? '', 'utf8')).not.toContain(PASSPHRASE);
    expect(station.current.database.audit.findLast()).toMatchObject({
      action: 'backup.download',
      actor: '陈静',
    });

    const copy = join(dir, 'copy.db');
    copyFileSync(database ?? '', copy);
    const upload = async (bytes: Buffer, as: string): Promise<string> => {
      const source = Readable.from([bytes]);
      const { fileId } = await station.receiveUpload(as, bytes.length, source, session.current, soon());
      return fileId;
    };
    const whole = await upload(readFileSync(copy), 'from-usb.db');
    const added = await page.call('backups.add', {
      fileIds: [whole, await upload(readFileSync(key ?? ''), 'from-usb.key')],
    });
    expect(added.state.backups.find((one) => one.name === added.name)).toMatchObject({ hasKeyFile: true });
    expect((await page.call('backups.preview', { name: added.name })).quarantined).toBe(3);
    const damaged = readFileSync(copy);
    damaged.fill(0xff, 4096, 4096 + 2000);
    const broken = await upload(damaged, 'broken.db');
    const fault = await faultOf(() => page.call('backups.add', { fileIds: [broken] }));
    // A file that somebody has chosen, and not the database of the station.
    expect(fault.code).toBe('backup-invalid');
    const listed = (await page.call('backups.list', {})).backups;
    expect(listed).toHaveLength(added.state.backups.length);
  });

  test('two restores at once: one is done, the other is refused and changes nothing', async () => {
    await using stack = new AsyncDisposableStack();
    const { dataDir, session, station, page, opened } = await openWithTriples(stack);
    const { name } = await page.call('backups.make', {});
    const first = station.current;
    const order = { name, passphrase: null, approver: '李伟', approverPin: TEST_PIN };
    const other = opened.page(session);
    const results = await Promise.allSettled([
      page.call('backups.restore', { ...order, reason: 'the first one' }),
      other.call('backups.restore', { ...order, reason: 'the second one' }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = results.find((result) => result.status === 'rejected')?.reason as Fault;
    expect(['station-closing', 'disconnected']).toContain(refused.code);
    const restored = await opened.reopenedAfter(first);
    expect((await opened.page(session).call('backups.list', {})).restored).toMatchObject({ fault: null });
    const entries = [...restored.database.audit.iterate()].filter(
      ({ action }) => action === 'station.restore',
    );
    expect(entries).toHaveLength(1);
    expect(readdirSync(join(dataDir, 'set-aside'))).toHaveLength(1);
    expect(existsSync(join(dataDir, 'restore.json'))).toBe(false);
    expect(restored.database.findViolations()).toEqual([]);
  });
});
