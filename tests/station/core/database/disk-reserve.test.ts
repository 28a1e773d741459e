import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDiskReserve } from '../../../../station/core/database/disk-reserve.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';

test('a disk reserve is allocated once and released once', () => {
  using dir = tempDir('reserve');
  const reserve = createDiskReserve(dir.path, 100_000);
  expect([reserve.isAllocated(), reserve.release()]).toEqual([false, false]);
  expect([reserve.allocate(), reserve.isAllocated()]).toEqual([true, true]);
  expect([reserve.release(), reserve.isAllocated()]).toEqual([true, false]);
});

test('a disk reserve that cannot be allocated for another reason than lack of space ends in a fault', async () => {
  using dir = tempDir('reserve');
  const missing = createDiskReserve(join(dir.path, 'missing'), 100_000);
  expect(await faultOf(() => missing.allocate())).toMatchObject({ code: 'file-missing' });
  const file = join(dir.path, 'station.spare');
  // A directory whose size is not that of the reserve.
  mkdirSync(file);
  const blocked = createDiskReserve(dir.path, 10_000_000);
  expect(await faultOf(() => blocked.allocate())).toMatchObject({ code: 'file-denied' });
  rmdirSync(file);
  expect(blocked.allocate()).toBe(true);
  expect(existsSync(file)).toBe(true);
});
