import { expect, test } from 'vitest';
import type { FirmwareJob, PoolState, StationHealth } from '#shared/contract/index.ts';
import { diskNotices, jobNotices, poolNotices } from '../../electron/core/station-notices.ts';

const pool = (...products: [string, number, boolean][]): PoolState => ({
  products: products.map(([productId, available, emptySoon]) => ({
    productId,
    counts: {
      available,
      claimed: 0,
      burning: 0,
      burned: 0,
      registered: 0,
      inDoubt: 0,
      quarantined: 0,
      retired: 0,
    },
    emptySoon,
  })),
});

test('a product whose triples begin to run out is told once, until it was filled up', () => {
  const full = pool(['A', 100, false], ['B', 100, false]);
  const low = pool(['A', 9, true], ['B', 100, false]);
  const told = { kind: 'pool-low', productId: 'A', available: 9 };
  expect(poolNotices(full, low)).toEqual([told]);
  expect(poolNotices(low, pool(['A', 8, true], ['B', 7, true]))).toMatchObject([{ productId: 'B' }]);
  expect(poolNotices(low, full)).toEqual([]);
  expect(poolNotices(full, low)).toEqual([told]);
});

test('a job is told when it was running, was long, and was not ended by a person', () => {
  const job = (jobId: string, state: FirmwareJob['state'], startedAtMs = 0) =>
    ({ jobId, kind: 'upload', title: jobId, state, startedAtMs }) as FirmwareJob;
  const of = (...jobs: FirmwareJob[]) => ({ packages: [], jobs });
  const before = of(
    job('a', 'running'),
    job('b', 'running'),
    job('c', 'running'),
    job('d', 'running', 55_000),
  );
  const now = of(
    job('a', 'done'),
    job('b', 'failed'),
    job('c', 'cancelled'),
    job('d', 'done', 55_000),
    job('e', 'done'),
  );
  expect(jobNotices(before, now, 60_000)).toEqual([
    { kind: 'job-ended', job: 'upload', title: 'a', succeeded: true },
    { kind: 'job-ended', job: 'upload', title: 'b', succeeded: false },
  ]);
  expect(jobNotices(now, now, 60_000)).toEqual([]);
});

test('a disk is told when it becomes low', () => {
  const health = (low: boolean, full = false) => ({ disk: { low, full } }) as StationHealth;
  expect(diskNotices(health(false), health(true))).toEqual([{ kind: 'disk-low' }]);
  expect(diskNotices(health(true), health(true, true))).toEqual([]);
});
