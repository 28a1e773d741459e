import { describe, expect, it } from 'vitest';
import {
  mayBelongToRunStart,
  classifyScan,
  updateScanTimes,
  EMPTY_SCAN_HISTORY,
  type TimedScan,
  type ScanHistory,
  type ScanUse,
  recordScan,
} from '#shared/domain/scan/index.ts';

const scan = (text: string, firstKeyAtMs: number, tookMs = 20): TimedScan => ({
  text,
  raw: text,
  directlyAfterLine: false,
  firstKeyAtMs,
  lastKeyAtMs: firstKeyAtMs + tookMs,
});
const after = (...scans: readonly (readonly [TimedScan, ScanUse])[]): ScanHistory =>
  scans.reduce((history, [one, use]) => recordScan(history, one, use, 4), EMPTY_SCAN_HISTORY);

describe('a repeated scan of the same text', () => {
  it.each([
    ['started-run', 2_999, true],
    ['started-run', 3_000, false],
    ['answered', 1_499, true],
    ['answered', 1_500, false],
    ['unused', 1_499, true],
    ['unused', 1_500, false],
  ] as const)('after one that %s, %d ms later: repeated is %s', (use, laterMs, same) => {
    const history = after([scan('A', 0), use]);
    expect(classifyScan(history, scan('A', 20 + laterMs)).repeatOf !== null).toBe(same);
    expect(classifyScan(history, scan('B', 20 + laterMs)).repeatOf).toBeNull();
  });

  it('counts from the latest scan, and keeps the result of the first', () => {
    let history = after([scan('A', 0), 'started-run']);
    for (let atMs = 2_000; atMs < 20_000; atMs += 2_000) {
      expect(classifyScan(history, scan('A', atMs)).repeatOf).toMatchObject({ use: 'started-run', slot: 4 });
      history = recordScan(history, scan('A', atMs), 'unused');
    }
    expect(classifyScan(history, scan('A', 22_000)).repeatOf).toBeNull();
  });

  it('is recognised from the first key to the last, however slow the scanner', () => {
    const history = after([scan('A', 0, 1_500), 'started-run']);
    expect(classifyScan(history, scan('A', 4_400, 1_500)).repeatOf).not.toBeNull();
    expect(classifyScan(history, scan('A', 4_500, 1_500)).repeatOf).toBeNull();
  });
});

describe('a scan right after a line that started a run', () => {
  it('belongs to that line until the scanner pauses', () => {
    const history = after(
      [scan('A', 0), 'started-run'],
      [scan('B', 170), 'unused'],
      [scan('C', 340), 'unused'],
    );
    expect(classifyScan(history, scan('D', 500)).samePullStartedRun).toBe(true);
    expect(classifyScan(history, scan('D', 760)).samePullStartedRun).toBe(false);
    expect(mayBelongToRunStart(history, 700)).toBe(true);
    expect(mayBelongToRunStart(history, 760)).toBe(false);
  });

  it('belongs to that line whatever was between, if the page reports no pause', () => {
    const history = after([scan('A', 0), 'started-run']);
    expect(classifyScan(history, { ...scan('B', 1_200), directlyAfterLine: true })).toMatchObject({
      samePullStartedRun: true,
    });
    expect(classifyScan(EMPTY_SCAN_HISTORY, { ...scan('B', 1_200), directlyAfterLine: true })).toMatchObject({
      samePullStartedRun: false,
    });
  });

  it('does not belong to a line that started no run', () => {
    expect(classifyScan(after([scan('A', 0), 'answered']), scan('B', 30)).samePullStartedRun).toBe(false);
    expect(
      classifyScan(after([scan('A', 0), 'started-run'], [scan('B', 900), 'unused']), scan('C', 950))
        .samePullStartedRun,
    ).toBe(false);
  });
});

it('is recognised also for half of a label, after a key of a person split it', () => {
  const history = after(
    [{ ...scan('SN0042', 0), raw: ']C0SN0042' }, 'started-run'],
    [scan('BOX', 900), 'answered'],
  );
  const partOf = (text: string, atMs = 1_000) => classifyScan(history, scan(text, atMs)).partOf;
  for (const half of ['SN00', '42', 'SN', ']C', ']C0SN', 'SN04', '004', 'SN0042SN0042'])
    expect(partOf(half), half).toMatchObject({ slot: 4 });
  for (const other of ['SN0042', 'SN43', '24', 'BO']) expect(partOf(other), other).toBeNull();
  expect(partOf('SN00', 3_100)).toBeNull();
});

describe('a scan that the page discarded', () => {
  it('extends the time in which its label counts as before the scanner', () => {
    for (const thrown of ['SN0042', 'SN0042SN0042', 'SN00']) {
      const history = updateScanTimes(after([scan('SN0042', 0), 'started-run']), scan(thrown, 2_000));
      expect(classifyScan(history, scan('SN0042', 4_900)).repeatOf, thrown).toMatchObject({
        use: 'started-run',
        slot: 4,
      });
      expect(classifyScan(history, scan('SN0042', 5_100)).repeatOf, thrown).toBeNull();
    }
  });

  it('is not repeated by other texts, and does not extend earlier answers', () => {
    const history = updateScanTimes(after([scan('L7', 0), 'answered']), scan('L70', 1_000));
    expect(classifyScan(history, scan('L70', 1_200)).repeatOf).toBeNull();
    expect(classifyScan(history, scan('L7', 1_600)).repeatOf).toBeNull();
  });

  it('extends the labels of all started slots', () => {
    const both = after([scan('SN01', 0), 'started-run'], [scan('SN02', 500), 'started-run']);
    const history = updateScanTimes(both, scan('SN01SN02', 2_000));
    for (const text of ['SN01', 'SN02'])
      expect(classifyScan(history, scan(text, 4_900)).repeatOf, text).not.toBeNull();
  });
});

it('is forgotten after a while', () => {
  let history = EMPTY_SCAN_HISTORY;
  for (let index = 0; index < 1_000; index++)
    history = recordScan(history, scan(`A${index}`, index), 'unused');
  expect(history.scans.length).toBeLessThanOrEqual(128);
});

it('does not change later scans when the page reports it late', () => {
  let history = after([scan('A', 0), 'started-run'], [scan('B', 4_000), 'started-run']);
  history = updateScanTimes(history, scan('A', 2_900));
  expect(history.lastTriggerPull).toEqual({ lastKeyAtMs: 4_020, startedBy: 'B' });
  expect(classifyScan(history, scan('A', 5_800)).repeatOf).toMatchObject({ use: 'started-run' });
  expect(classifyScan(updateScanTimes(history, scan('A', 1_000)), scan('A', 5_800)).repeatOf).not.toBeNull();
  expect(classifyScan(history, scan('A', 5_921)).repeatOf).toBeNull();
});
