import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { invoke } from '../kit/in-process.ts';
import { addAttached, addRuns, addSampleBatch } from '../station/results/reports/sample-batch.ts';
import { tempDir } from '../support/temp-dir.ts';

const dir = tempDir('counts');
const ask = (...args: string[]) => invoke(...args, '--data', join(dir.path, 'data'));

beforeAll(() => {
  const database = openStationDatabase(join(dir.path, 'data'));
  addSampleBatch(database);
  addRuns(database, [{ runId: 'bare', serialNumber: 'A', startedAtMs: 1 }]);
  const files = ['a.txt', 'b.txt'].map((name) => ({ name, bytes: Buffer.from(name) }));
  addAttached(database, dir.path, { runId: 'A', startedAtMs: 2, outcome: 'PASS', files });
  database.close();
});
afterAll(() => dir[Symbol.dispose]());

it('`runs` says how many files each run has', async () => {
  const { events } = await ask('runs', '--json');
  expect(events.map(({ run, attachments }) => [run, attachments])).toEqual([
    ['A', 2],
    ['bare', 0],
  ]);
});

it('`unit show` says it with the end of a run that has some', async () => {
  const { events } = await ask('unit', 'show', 'A', '--json');
  const [{ timeline }] = events as unknown as [
    { timeline: { kind: string; runId: string; files?: number }[] },
  ];
  expect(
    timeline.filter(({ kind }) => kind === 'run-finished').map(({ runId, files }) => [runId, files]),
  ).toEqual([
    ['bare', undefined],
    ['A', 2],
  ]);
  expect((await ask('unit', 'show', 'A')).stdout).toContain('2 attachments');
});
