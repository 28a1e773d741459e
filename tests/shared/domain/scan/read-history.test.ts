import { describe, expect, it } from 'vitest';
import {
  isBesideStart,
  judgeRead,
  NO_READS,
  type Read,
  type ReadHistory,
  type ReadOutcome,
  rememberRead,
} from '#shared/domain/scan/index.ts';

const read = (text: string, firstKeyAtMs: number, tookMs = 20): Read => ({
  text,
  firstKeyAtMs,
  lastKeyAtMs: firstKeyAtMs + tookMs,
});
const after = (...reads: readonly (readonly [Read, ReadOutcome])[]): ReadHistory =>
  reads.reduce((history, [one, outcome]) => rememberRead(history, one, outcome, 4), NO_READS);

describe('a read of the same text', () => {
  it.each([
    ['started', 2_999, true],
    ['started', 3_000, false],
    ['answered', 1_499, true],
    ['answered', 1_500, false],
    ['nothing', 1_499, true],
    ['nothing', 1_500, false],
  ] as const)('after one that %s, %d ms later: the same read is %s', (outcome, laterMs, same) => {
    const history = after([read('A', 0), outcome]);
    expect(judgeRead(history, read('A', 20 + laterMs)).again !== null).toBe(same);
    expect(judgeRead(history, read('B', 20 + laterMs)).again).toBeNull();
  });

  it('counts from the last time, and keeps what came of the first', () => {
    let history = after([read('A', 0), 'started']);
    for (let atMs = 2_000; atMs < 20_000; atMs += 2_000) {
      expect(judgeRead(history, read('A', atMs)).again).toMatchObject({ outcome: 'started', slot: 4 });
      history = rememberRead(history, read('A', atMs), 'nothing');
    }
    expect(judgeRead(history, read('A', 22_000)).again).toBeNull();
  });

  it('is known from the first key to the last, however slow the scanner', () => {
    const history = after([read('A', 0, 1_500), 'started']);
    expect(judgeRead(history, read('A', 4_400, 1_500)).again).not.toBeNull();
    expect(judgeRead(history, read('A', 4_500, 1_500)).again).toBeNull();
  });
});

describe('what comes out of a scanner together with a line that started a run', () => {
  it('is beside it, line after line, until the scanner pauses', () => {
    const history = after(
      [read('A', 0), 'started'],
      [read('B', 170), 'nothing'],
      [read('C', 340), 'nothing'],
    );
    expect(judgeRead(history, read('D', 500)).besideStart).toBe(true);
    expect(judgeRead(history, read('D', 760)).besideStart).toBe(false);
    expect(isBesideStart(history, 900, 600)).toBe(true);
    expect(isBesideStart(history, 960, 600)).toBe(false);
  });

  it('is not beside lines that started nothing', () => {
    expect(judgeRead(after([read('A', 0), 'answered']), read('B', 30)).besideStart).toBe(false);
    expect(
      judgeRead(after([read('A', 0), 'started'], [read('B', 900), 'nothing']), read('C', 950)).besideStart,
    ).toBe(false);
  });
});

it('forgets what was long ago', () => {
  let history = NO_READS;
  for (let index = 0; index < 1_000; index++)
    history = rememberRead(history, read(`A${index}`, index), 'nothing');
  expect(history.reads.length).toBeLessThanOrEqual(128);
});
