import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readTestCounts } from '../../scripts/lib/test-counts.ts';
import { LONGEST } from '../longest-first.ts';

const dir = mkdtempSync(join(tmpdir(), 'gongwei-counts-'));
afterAll(() => rmSync(dir, { recursive: true }));

test('counts what passed, failed and was left out; a file that could not load is a failure', () => {
  const path = join(dir, 'results.json');
  const testResults = [
    { status: 'passed', assertionResults: [{}] },
    { status: 'failed', assertionResults: [{}] },
    { status: 'failed', assertionResults: [] },
  ];
  const counts = { numPassedTests: 7, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults };
  writeFileSync(path, JSON.stringify(counts));
  expect(readTestCounts(path)).toEqual({ passed: 7, failed: 2, skipped: 3 });
});

test('is nothing when the run did not come to an end', () => {
  expect(readTestCounts(join(dir, 'none.json'))).toBeNull();
});

test('the files that start first are there', () => {
  expect(LONGEST.filter((path) => !existsSync(path))).toEqual([]);
});
