import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunResult } from '#station';
import { formatRun } from '../../cli/run/format-run.ts';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { toSummary } from '../../station/results/runs/run-summary.ts';
import { invoke } from '../kit/in-process.ts';
import { addRuns, addSampleBatch } from '../station/results/reports/sample-batch.ts';
import { tempDir } from '../support/temp-dir.ts';

const UNPROVEN = { readBack: 'name', online: 'none', unproven: true } as const;
const dir = tempDir('unproven');
const ask = (...args: string[]) => invoke(...args, '--data', dir.path);

beforeAll(() => {
  const database = openStationDatabase(dir.path);
  addSampleBatch(database);
  addRuns(database, [
    { runId: 'a', serialNumber: 'A', chipId: 'C1', startedAtMs: 1, proof: UNPROVEN },
    { runId: 'b', serialNumber: 'B', startedAtMs: 2, proof: { readBack: 'full', online: 'none' } },
    // It did not pass: nothing has to be proven of it.
    { runId: 'c', serialNumber: 'C', startedAtMs: 3, outcome: 'FAIL', proof: UNPROVEN },
  ]);
  database.close();
});
afterAll(() => dir[Symbol.dispose]());

it('`runs` says which units passed unproven', async () => {
  const { events } = await ask('runs', '--json');
  expect(events.map(({ run, unproven }) => [run, unproven])).toEqual([
    ['c', false],
    ['b', false],
    ['a', true],
  ]);
  const lines = (await ask('runs')).stdout.split('\n').filter((line) => line.includes('(unproven)'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/ A .* PASS \(unproven\) /);
});

it('`batch list` counts them', async () => {
  expect((await ask('batch', 'list', '--json')).events).toMatchObject([{ batch: 'B', unproven: 1 }]);
  expect((await ask('batch', 'list')).stdout).toMatch(/unproven[^]*WO-17 +2\/9 +1 /);
});

it('`yield` says how many passed so', async () => {
  expect((await ask('yield', 'B')).stdout).toContain(
    '1 unit of the batch has passed unproven: nobody has seen that it holds its secret',
  );
});

it('`unit show` says it in the history', async () => {
  const { events } = await ask('unit', 'show', 'A', '--json');
  expect(events[0]).toMatchObject({
    timeline: [{ kind: 'run-started' }, { kind: 'run-finished', outcome: 'PASS', unproven: true }],
  });
  expect((await ask('unit', 'show', 'A')).stdout).toContain('PASS (unproven)');
});

it('a file of found runs says it beside the outcome, whatever columns are chosen', async () => {
  const out = join(dir.path, 'found.csv');
  const found = ['report', '--text', '', '--columns', 'serialNumber,outcome,batch', '--out', out];
  await ask(...found);
  expect(readFileSync(out, 'utf8').slice(1).split(/\r?\n/)).toEqual([
    'serial number,outcome,unproven,batch',
    'C,FAIL,,WO-17',
    'B,PASS,,WO-17',
    'A,PASS,yes,WO-17',
    '',
  ]);
  await ask(...found, '--format', 'jsonl');
  expect(JSON.parse(readFileSync(out, 'utf8').split('\n').at(2) ?? '')).toEqual({
    serialNumber: 'A',
    outcome: 'PASS',
    unproven: 'yes',
    batch: 'WO-17',
  });
});

it('the report of a batch says it of units that passed', async () => {
  const out = join(dir.path, 'batch.csv');
  await ask('report', 'B', '--out', out);
  const rows = readFileSync(out, 'utf8')
    .slice(1)
    .trim()
    .split(/\r?\n/)
    .map((row) => row.split(','));
  const [header = []] = rows;
  const cellsOf = (name: string) => rows.slice(1).map((row) => row[header.indexOf(name)]);
  expect(cellsOf('outcome')).toEqual(['PASS', 'PASS', 'FAIL']);
  expect(cellsOf('unproven')).toEqual(['yes', '', '']);
});

it('a page gets it with each run', () => {
  const database = openStationDatabase(dir.path);
  try {
    const marks = database.runs.listOfBatch('B', 9).map((run) => toSummary(run).unproven);
    expect(marks).toEqual([undefined, undefined, true]);
  } finally {
    database.close();
  }
});

it('`run` says it with the unit', () => {
  const result = {
    slot: 1,
    serialNumber: 'A',
    outcome: 'PASS',
    unproven: true,
    failure: null,
    runId: 'a',
    ms: 1,
  };
  expect(formatRun(result as RunResult)).toContain('A  PASS (unproven)  ');
});
