import { readFile, stat } from 'node:fs/promises';
import type { RunDocument } from '../../documents/index.ts';
import { type Candidate, MAX_RECORD } from '../candidate.ts';
import { exactRun } from './exact-run.ts';
import { isOpenHtf, parseOpenHtf, runOfOpenHtf } from './openhtf-record.ts';
import { readLines } from './read-lines.ts';
import { BadRecord, objectOf } from './values.ts';

/** Turns what a reader finds wrong into a reason. */
export function candidateOf(line: number, read: () => RunDocument): Candidate {
  try {
    return { line, run: read() };
  } catch (error) {
    // The stack is too small for what lies in it.
    if (error instanceof RangeError) return { line, reason: 'it is nested too deep' };
    if (!(error instanceof BadRecord)) throw error;
    return { line, reason: error.message };
  }
}

/** Runs of Gongwei's JSON Lines. */
export async function* readJsonLines(path: string): AsyncGenerator<Candidate> {
  for await (const { line, text } of readLines(path)) {
    if (text === null) {
      yield { line, reason: 'it is too long' };
      continue;
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      yield { line, reason: 'it is no JSON' };
      continue;
    }
    if (typeof value === 'object' && value !== null && 'outcome' in value && value.outcome === null) {
      yield { line, unfinished: true };
      continue;
    }
    yield candidateOf(line, () => {
      const record = objectOf(value, 'the record');
      if (typeof record['run'] !== 'string' || record['run'] === '')
        throw new BadRecord('it has no id of a run');
      return exactRun(record);
    });
  }
}

/** Records of OpenHTF: one in a file, or one in each line. */
export async function* readOpenHtf(path: string): AsyncGenerator<Candidate> {
  const whole = await wholeRecord(path);
  if (whole !== null) {
    yield candidateOf(1, () => runOfOpenHtf(whole));
    return;
  }
  for await (const { line, text } of readLines(path))
    yield text === null ? { line, reason: 'it is too long' } : candidateOf(line, () => parseOpenHtf(text));
}

/** The record that a file is; null for a file of several. */
async function wholeRecord(path: string): Promise<unknown> {
  if ((await stat(path)).size > MAX_RECORD) return null;
  try {
    const text = await readFile(path, 'utf8');
    const value: unknown = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
    return isOpenHtf(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
