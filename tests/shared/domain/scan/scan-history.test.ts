import { describe, expect, it } from 'vitest';
import {
  isInStartPull,
  classifyScan,
  markScanSeen,
  EMPTY_SCAN_HISTORY,
  type ScanRead,
  type ScanHistory,
  type ScanUse,
  recordScan,
} from '#shared/domain/scan/index.ts';

const read = (text: string, firstKeyAtMs: number, tookMs = 20): ScanRead => ({
  text,
  raw: text,
  joined: false,
  firstKeyAtMs,
  lastKeyAtMs: firstKeyAtMs + tookMs,
});
const after = (...reads: readonly (readonly [ScanRead, ScanUse])[]): ScanHistory =>
  reads.reduce((history, [one, use]) => recordScan(history, one, use, 4), EMPTY_SCAN_HISTORY);

describe('a repeated scan of the same text', () => {
  it.each([
    ['started-run', 2_999, true],
    ['started-run', 3_000, false],
    ['answered', 1_499, true],
    ['answered', 1_500, false],
    ['unused', 1_499, true],
    ['unused', 1_500, false],
  ] as const)('after one that %s, %d ms later: repeated is %s', (use, laterMs, same) => {
    const history = after([read('A', 0), use]);
    expect(classifyScan(history, read('A', 20 + laterMs)).repeatOf !== null).toBe(same);
    expect(classifyScan(history, read('B', 20 + laterMs)).repeatOf).toBeNull();
  });

  it('counts from the latest scan, and keeps the result of the first', () => {
    let history = after([read('A', 0), 'started-run']);
    for (let atMs = 2_000; atMs < 20_000; atMs += 2_000) {
      expect(classifyScan(history, read('A', atMs)).repeatOf).toMatchObject({ use: 'started-run', slot: 4 });
      history = recordScan(history, read('A', atMs), 'unused');
    }
    expect(classifyScan(history, read('A', 22_000)).repeatOf).toBeNull();
  });

  it('is recognised from the first key to the last, however slow the scanner', () => {
    const history = after([read('A', 0, 1_500), 'started-run']);
    expect(classifyScan(history, read('A', 4_400, 1_500)).repeatOf).not.toBeNull();
    expect(classifyScan(history, read('A', 4_500, 1_500)).repeatOf).toBeNull();
  });
});

describe('a scan right after a line that started a run', () => {
  it('belongs to that line until the scanner pauses', () => {
    const history = after(
      [read('A', 0), 'started-run'],
      [read('B', 170), 'unused'],
      [read('C', 340), 'unused'],
    );
    expect(classifyScan(history, read('D', 500)).inStartPull).toBe(true);
    expect(classifyScan(history, read('D', 760)).inStartPull).toBe(false);
    expect(isInStartPull(history, 700)).toBe(true);
    expect(isInStartPull(history, 760)).toBe(false);
  });

  it('belongs to that line whatever was between, if the page reports no pause', () => {
    const history = after([read('A', 0), 'started-run']);
    expect(classifyScan(history, { ...read('B', 1_200), joined: true })).toMatchObject({ inStartPull: true });
    expect(classifyScan(EMPTY_SCAN_HISTORY, { ...read('B', 1_200), joined: true })).toMatchObject({
      inStartPull: false,
    });
  });

  it('does not belong to a line that started no run', () => {
    expect(classifyScan(after([read('A', 0), 'answered']), read('B', 30)).inStartPull).toBe(false);
    expect(
      classifyScan(after([read('A', 0), 'started-run'], [read('B', 900), 'unused']), read('C', 950))
        .inStartPull,
    ).toBe(false);
  });
});

it('is recognised also for half of a label, after a key of a person split it', () => {
  const history = after(
    [{ ...read('SN0042', 0), raw: ']C0SN0042' }, 'started-run'],
    [read('BOX', 900), 'answered'],
  );
  const partOf = (text: string, atMs = 1_000) => classifyScan(history, read(text, atMs)).partOf;
  for (const half of ['SN00', '42', 'SN', ']C', ']C0SN', 'SN04', '004', 'SN0042SN0042'])
    expect(partOf(half), half).toMatchObject({ slot: 4 });
  for (const other of ['SN0042', 'SN43', '24', 'BO']) expect(partOf(other), other).toBeNull();
  expect(partOf('SN00', 3_100)).toBeNull();
});

describe('a scan that the page discarded', () => {
  it('extends the time in which its label counts as before the scanner', () => {
    for (const thrown of ['SN0042', 'SN0042SN0042', 'SN00']) {
      const history = markScanSeen(after([read('SN0042', 0), 'started-run']), read(thrown, 2_000));
      expect(classifyScan(history, read('SN0042', 4_900)).repeatOf, thrown).toMatchObject({
        use: 'started-run',
        slot: 4,
      });
      expect(classifyScan(history, read('SN0042', 5_100)).repeatOf, thrown).toBeNull();
    }
  });

  it('is not repeated by other texts, and does not extend earlier answers', () => {
    const history = markScanSeen(after([read('L7', 0), 'answered']), read('L70', 1_000));
    expect(classifyScan(history, read('L70', 1_200)).repeatOf).toBeNull();
    expect(classifyScan(history, read('L7', 1_600)).repeatOf).toBeNull();
  });

  it('extends the labels of all started slots', () => {
    const both = after([read('SN01', 0), 'started-run'], [read('SN02', 500), 'started-run']);
    const history = markScanSeen(both, read('SN01SN02', 2_000));
    for (const text of ['SN01', 'SN02'])
      expect(classifyScan(history, read(text, 4_900)).repeatOf, text).not.toBeNull();
  });
});

it('is forgotten after a while', () => {
  let history = EMPTY_SCAN_HISTORY;
  for (let index = 0; index < 1_000; index++)
    history = recordScan(history, read(`A${index}`, index), 'unused');
  expect(history.scans.length).toBeLessThanOrEqual(128);
});

it('does not change later scans when the page reports it late', () => {
  let history = after([read('A', 0), 'started-run'], [read('B', 4_000), 'started-run']);
  history = markScanSeen(history, read('A', 2_900));
  expect(history.lastTriggerPull).toEqual({ lastKeyAtMs: 4_020, startedBy: 'B' });
  expect(classifyScan(history, read('A', 5_800)).repeatOf).toMatchObject({ use: 'started-run' });
  expect(classifyScan(markScanSeen(history, read('A', 1_000)), read('A', 5_800)).repeatOf).not.toBeNull();
  expect(classifyScan(history, read('A', 5_921)).repeatOf).toBeNull();
});
