import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyAttachments } from '../../../../station/core/attachments/index.ts';
import { foreignFile } from '../../../../station/results/foreign-runs/index.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { addAttached } from '../reports/sample-batch.ts';
import { TwoStations } from './two-stations.ts';

const CURVE = Buffer.from('t,v\n0,1\n');
const PHOTO = Buffer.from('\x89PNG not really');

/** The other station with two runs, whose files are where a data directory has them. */
function fill(two: TwoStations): string {
  const dir = two.path('made');
  addAttached(two.other, dir, {
    runId: 'a',
    startedAtMs: 1000,
    outcome: 'FAIL',
    files: [
      { name: 'curve.csv', bytes: CURVE, mediaType: 'text/csv' },
      { name: 'photo.png', bytes: PHOTO },
    ],
  });
  addAttached(two.other, dir, {
    runId: 'b',
    startedAtMs: 2000,
    outcome: 'PASS',
    files: [{ name: 'same.csv', bytes: CURVE, mediaType: 'text/csv' }],
  });
  const to = join(two.path('other'), 'attachments');
  mkdirSync(to, { recursive: true });
  const from = join(dir, 'data', 'attachments');
  for (const name of readdirSync(from)) writeFileSync(join(to, name), readFileSync(join(from, name)));
  return to;
}

const filesOf = (two: TwoStations, runId: string) =>
  two.home.foreignRuns.listFiles(runId).map(({ name, isHere }) => [name, isHere]);

it('come with the runs of a data directory, once for equal bytes, and are verified afterwards', async () => {
  await using two = new TwoStations();
  fill(two);
  expect(await two.load('other', { dryRun: true })).toMatchObject({ added: 2, files: 0 });
  expect(await two.load('other')).toMatchObject({ added: 2, files: 3, filesMissing: 0 });
  expect([filesOf(two, 'a'), filesOf(two, 'b')]).toEqual([
    [['curve.csv', 1], ['photo.png', 1]],
    [['same.csv', 1]],
  ]); // prettier-ignore
  // Two contents, and no marker of an unfinished run.
  expect(readdirSync(join(two.path('home'), 'attachments'))).toHaveLength(2);
  const [row] = two.home.foreignRuns.listFiles('a');
  const found = foreignFile(two.home, two.attachments, `foreign-${Buffer.from('a').toString('base64url')}-1`);
  expect(found).toMatchObject({ name: 'curve.csv', type: 'text/csv; charset=utf-8' });
  expect(readFileSync(found?.path ?? '')).toEqual(CURVE);
  expect(await verifyAttachments(two.path('home'), two.home, NEVER_ABORTED)).toMatchObject({
    files: 2,
    damagedCount: 0,
  });
  writeFileSync(two.attachments.pathOf(row?.sha256 ?? ''), 'changed');
  expect(await verifyAttachments(two.path('home'), two.home, NEVER_ABORTED)).toMatchObject({
    damaged: [{ runId: 'a', name: 'curve.csv', what: 'changed' }, { runId: 'b' }],
  });
  expect(await two.load('other')).toMatchObject({ added: 0, doubles: 2, files: 0 });
});

it('that are missing or were changed there are named, and nothing of them is taken', async () => {
  await using two = new TwoStations();
  const folder = fill(two);
  const [first = '', second = ''] = readdirSync(folder);
  rmSync(join(folder, first));
  writeFileSync(join(folder, second), 'of somebody else');
  expect(await two.load('other')).toMatchObject({ added: 2, files: 0, filesMissing: 3 });
  expect(filesOf(two, 'a')).toEqual([['curve.csv', 0], ['photo.png', 0]]); // prettier-ignore
  expect(await verifyAttachments(two.path('home'), two.home, NEVER_ABORTED)).toMatchObject({ files: 0 });
});

it('of an import that was stopped are removed with its runs', async () => {
  await using two = new TwoStations();
  fill(two);
  const stop = new Error('stopped');
  const onProgress = (stage: string, rows: number): void => {
    if (stage === 'writing' && rows > 0) throw stop;
  };
  await expect(two.load('other', { onProgress })).rejects.toBe(stop);
  expect(two.home.foreignRuns.listFiles('a')).toEqual([]);
  expect(readdirSync(join(two.path('home'), 'attachments'))).toEqual([]);
});
