import { existsSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_UPLOAD_BYTES, UploadStore } from '../../../../station/core/uploads/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { memoryDir } from '../../../support/temp-dir.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

let dir: ReturnType<typeof memoryDir>;
let uploads: UploadStore;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  dir = memoryDir();
  let files = 0;
  read = 0;
  uploads = new UploadStore(dir.path, () => `f${(files += 1)}`);
});
afterEach(() => {
  uploads.clear();
  vi.useRealTimers();
  dir[Symbol.dispose]();
});

/** The number of sources that were read. */
let read = 0;
async function* pieces(): AsyncGenerator<Uint8Array> {
  read += 1;
  yield Buffer.from('four');
}

async function bring(): Promise<string> {
  const { fileId } = await uploads.receive('x.csv', 4, pieces(), 'Wang', NEVER_ABORTED);
  return fileId;
}
const MINUTE_MS = 60_000;

describe('a file that a page has brought', () => {
  it('may be read several times, is taken once, and belongs to its owner', async () => {
    const fileId = await bring();
    const path = uploads.pathOf(fileId, 'Wang');
    expect(uploads.pathOf(fileId, 'Wang')).toBe(path);
    expect(await faultOf(() => uploads.pathOf(fileId, 'Li'))).toMatchObject({ code: 'not-found' });
    {
      using taken = uploads.take([fileId], 'Wang');
      expect(taken.paths).toEqual([path]);
      expect(await faultOf(() => uploads.pathOf(fileId, 'Wang'))).toMatchObject({ code: 'not-found' });
    }
    expect(existsSync(path)).toBe(false);
  });

  it('is deleted after half an hour without use, but not while it is used', async () => {
    const forgotten = uploads.pathOf(await bring(), 'Wang');
    const fileId = await bring();
    const used = uploads.pathOf(fileId, 'Wang');
    vi.advanceTimersByTime(20 * MINUTE_MS);
    using taken = uploads.take([fileId], 'Wang');
    expect(existsSync(forgotten)).toBe(true);
    vi.advanceTimersByTime(20 * MINUTE_MS);
    expect(existsSync(forgotten)).toBe(false);
    expect(taken.paths.map((path) => existsSync(path))).toEqual([true]);
    expect(used).toBe(taken.paths[0]);
  });

  it('may be as large as its kind allows: a backup as large as the disk, and others not', async () => {
    const offer = (name: string, sizeBytes: number) =>
      faultOf(() => uploads.receive(name, sizeBytes, pieces(), 'Wang', NEVER_ABORTED));
    const tooLarge = MAX_UPLOAD_BYTES + 1;
    expect((await offer('package.zip', tooLarge)).message).toContain('larger than');
    expect((await offer('station-1.key', 2 * 1024 * 1024)).hint).toContain('not a key file');
    // Not its kind but the free space of the disk refuses a backup, before any of it is read.
    expect((await offer('station-1.db', Number.MAX_SAFE_INTEGER)).code).toBe('disk-full');
    expect(read).toBe(0);
  });

  it('is pushed out by later ones, but a backup is not: it does not count, because it may be larger than all others', async () => {
    const small = new UploadStore(dir.path, () => `s${(read += 1)}`, 6);
    const receive = async (name: string): Promise<string> =>
      (await small.receive(name, 4, pieces(), 'Wang', NEVER_ABORTED)).fileId;
    const backup = await receive('station-1.db');
    const first = await receive('first.csv');
    const second = await receive('second.csv');
    expect(await faultOf(() => small.pathOf(first, 'Wang'))).toMatchObject({ code: 'not-found' });
    for (const fileId of [backup, second]) expect(existsSync(small.pathOf(fileId, 'Wang'))).toBe(true);
    await small.close();
  });

  it('that is still arriving is given up when the station closes, and later ones are refused', async () => {
    const arriving = Promise.withResolvers<void>();
    const endless = (async function* () {
      yield Buffer.from('fo');
      arriving.resolve();
      await new Promise(() => undefined);
    })();
    const refused = faultOf(() => uploads.receive('x.csv', 4, endless, 'Wang', NEVER_ABORTED));
    await arriving.promise;
    await uploads.close();
    expect((await refused).code).toBe('cancelled');
    expect(readdirSync(dir.path)).toEqual([]);
    const late = await faultOf(() => uploads.receive('x.csv', 4, pieces(), 'Wang', NEVER_ABORTED));
    expect(late.code).toBe('cancelled');
    expect(readdirSync(dir.path)).toEqual([]);
  });
});
