import { execFileSync } from 'node:child_process';
import { cpSync, copyFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodePlatform, restoreStation, type Station } from '#station';
import { databaseFile } from '../../station/core/database/index.ts';
import type { DirectoryFacts, Platform } from '../../station/core/platform/index.ts';
import { faultOf } from '../support/fault-of.ts';
import { addTriples } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { openStation } from '../kit/station.ts';

const by = { user: 'Chen', role: 'engineer' } as const;
const moved = { reason: 'the old disk is scrapped', approver: 'Wang', by };
const COPY = { code: 'data-busy', details: { because: 'directory' } };

function open(dataDir: string, overrides: Partial<Platform> = {}, vouched?: typeof moved): Promise<Station> {
  return openStation(dataDir, { moved: vouched }, { machineId: () => 'A', ...overrides });
}

async function begin(dataDir: string): Promise<void> {
  const station = await open(dataDir);
  addTriples(station.database, 3);
  await station.close();
}

/** Copies with times, permissions and owners, as `cp -a` does. */
function copy(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to]);
}

describe('a data directory that was copied on the same computer', () => {
  it('opens only where it was, copied while it is open or not, and a copy of the copy neither', async () => {
    using dir = tempDir('copied');
    const [first, second, third, open1] = ['first', 'second', 'third', 'open'].map((name) =>
      join(dir.path, name),
    ) as [string, string, string, string];
    await begin(first);
    copy(first, second);
    const refused = await faultOf(() => open(second));
    expect(refused).toMatchObject(COPY);
    expect(refused.message).toContain(first);
    expect(refused.hint).toContain('station moved');
    copy(second, third);
    expect(await faultOf(() => open(third))).toMatchObject(COPY);

    const station = await open(first);
    copy(first, open1);
    expect(await faultOf(() => open(open1))).toMatchObject(COPY);
    await station.close();

    await (await open(second, {}, moved)).close();
    const movedStation = await open(second);
    expect(movedStation.database.audit.findLast()).toMatchObject({ action: 'station.move', actor: 'Chen' });
    await movedStation.close();
    // An unconfirmed copy does not open; the original does.
    expect(await faultOf(() => open(third))).toMatchObject(COPY);
    await (await open(first)).close();
  });

  it('is refused in the place of the original, too', async () => {
    using dir = tempDir('copied');
    const [first, second] = [join(dir.path, 'first'), join(dir.path, 'second')];
    await begin(first);
    copy(first, second);
    rmSync(first, { recursive: true });
    copy(second, first);
    expect(await faultOf(() => open(first))).toMatchObject(COPY);
    // An archive unpacked over it keeps the directory, but not its database.
    rmSync(first, { recursive: true });
    renameSync(second, first);
    const vouched = await open(first, {}, moved);
    await vouched.close();
    const older = join(dir.path, 'older');
    copy(first, older);
    await (await open(first)).close();
    for (const part of ['', '-wal', '-shm']) rmSync(databaseFile(first) + part, { force: true });
    copyFileSync(databaseFile(older), databaseFile(first));
    expect(await faultOf(() => open(first))).toMatchObject({
      code: 'database-corrupt',
      details: { why: 'not of this directory' },
    });
    // A confirmation does not make an older ledger safe; a restore does.
    expect(await faultOf(() => open(first, {}, moved))).toMatchObject({ code: 'database-corrupt' });
    const platform = createNodePlatform(first, { machineId: () => 'A' });
    const request = { from: databaseFile(older), reason: 'unpacked over it', approver: 'Wang', by };
    expect(await restoreStation(platform, request)).toMatchObject({ quarantined: 3 });
    await (await open(first)).close();
  });

  it('stays at home when it is moved on its disk, and by every name it has', async () => {
    using dir = tempDir('copied');
    const [first, second, link] = [join(dir.path, 'first'), join(dir.path, 'second'), join(dir.path, 'link')];
    await begin(first);
    renameSync(first, second);
    symlinkSync(second, link);
    for (const way of [second, link, second]) {
      const station = await open(way);
      expect(station.database.triples.listInState('available')).toHaveLength(3);
      await station.close();
    }
    const station = await open(link);
    expect(await faultOf(() => open(second))).toMatchObject({ code: 'data-busy', details: {} });
    await station.close();
  });

  it('is not a second station by hard links', async () => {
    using dir = tempDir('copied');
    const [first, second] = [join(dir.path, 'first'), join(dir.path, 'second')];
    await begin(first);
    execFileSync('cp', ['-al', first, second]);
    expect(await faultOf(() => open(second))).toMatchObject(COPY);
  });

  it('goes by whatever the file system tells: birth without inodes, devices within one boot, or nothing', async () => {
    using dir = tempDir('copied');
    const facts: DirectoryFacts = { device: '1', inode: '7', bornNs: '1000' };
    const on = (change: Partial<DirectoryFacts> | null, boot: string | null): Promise<Station> =>
      open(dir.path, {
        directoryFacts: () => (change === null ? null : { ...facts, ...change }),
        bootId: () => boot,
      });
    const home = async (change: Partial<DirectoryFacts> | null, boot: string | null): Promise<void> =>
      (await on(change, boot)).close();
    await home({}, 'b1');
    expect(await faultOf(() => on({ device: '2' }, 'b1'))).toMatchObject(COPY);
    await home({ device: '2' }, 'b2');
    expect(await faultOf(() => on({ device: '2', inode: '8' }, 'b3'))).toMatchObject(COPY);
    await home({ inode: null }, 'b3');
    expect(await faultOf(() => on({ inode: null, bornNs: '1001' }, 'b3'))).toMatchObject(COPY);
    await home({ bornNs: null }, null);
    expect(await faultOf(() => on({ bornNs: null, inode: '8' }, null))).toMatchObject(COPY);
    // Without information about the directory the station starts; the next start checks again.
    await home(null, null);
    await home({ inode: '9' }, 'b4');
    expect(await faultOf(() => on({}, 'b4'))).toMatchObject(COPY);
  });

  it('was at home on a computer before directories were known, and opens there once more', async () => {
    using dir = tempDir('copied');
    const [first, second] = [join(dir.path, 'first'), join(dir.path, 'second')];
    await begin(first);
    const before = await open(first);
    const home = JSON.parse(before.database.meta.get('station.home') ?? '') as { computer: string };
    before.database.meta.set('station.home', home.computer);
    before.database.meta.remove('station.start');
    await before.close();
    rmSync(join(first, 'station.start'));
    await (await open(first)).close();
    cpSync(first, second, { recursive: true });
    expect(await faultOf(() => open(second))).toMatchObject(COPY);
    expect(await faultOf(() => open(first, { machineId: () => 'B' }))).toMatchObject({
      details: { because: 'computer' },
    });
  });

  it('outlives a start that was cut off between the database and the mark beside it', async () => {
    using dir = tempDir('copied');
    await begin(dir.path);
    const mark = join(dir.path, 'station.start');
    const kept = join(dir.path, 'kept');
    copyFileSync(mark, kept);
    await (await open(dir.path)).close();
    copyFileSync(kept, mark);
    await (await open(dir.path)).close();
    rmSync(mark);
    await (await open(dir.path)).close();
    copyFileSync(kept, mark);
    expect(await faultOf(() => open(dir.path))).toMatchObject({ code: 'database-corrupt' });
  });
});
