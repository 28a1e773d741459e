import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UploadStore } from '../../../../station/core/uploads/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { memoryDir } from '../../../support/temp-dir.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

let dir: ReturnType<typeof memoryDir>;
let uploads: UploadStore;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  dir = memoryDir();
  let files = 0;
  uploads = new UploadStore(dir.path, () => `f${(files += 1)}`);
});
afterEach(() => {
  uploads.clear();
  vi.useRealTimers();
  dir[Symbol.dispose]();
});

async function bring(): Promise<string> {
  const pieces = (async function* () {
    yield Buffer.from('four');
  })();
  const { fileId } = await uploads.receive('x.csv', 4, pieces, 'Wang', NEVER_ABORTED);
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
});
