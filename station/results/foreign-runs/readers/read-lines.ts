import { createReadStream } from 'node:fs';
import { MAX_RECORD } from '../candidate.ts';

export interface FileLine {
  /** From 1. */
  readonly line: number;
  /** Null for a line that is longer than a record may be. */
  readonly text: string | null;
}

/** The lines of a file that are not blank. A byte order mark is left out; memory does not grow with the length of a line. */
export async function* readLines(path: string): AsyncGenerator<FileLine> {
  let [line, rest, isLong] = [1, '', false];
  let isFirst = true;
  for await (const read of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const chunk = isFirst && read.startsWith('\uFEFF') ? read.slice(1) : read;
    isFirst = false;
    const parts = chunk.split('\n');
    for (const [index, part] of parts.entries()) {
      if (index > 0) {
        if (isLong || rest.trim() !== '') yield { line, text: isLong ? null : rest };
        [line, rest, isLong] = [line + 1, '', false];
      }
      if (rest.length + part.length > MAX_RECORD) [rest, isLong] = ['', true];
      if (!isLong) rest += part;
    }
  }
  if (isLong || rest.trim() !== '') yield { line, text: isLong ? null : rest };
}
