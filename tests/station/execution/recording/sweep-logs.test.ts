import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Archive } from '../../../../station/execution/recording/index.ts';
import { sweepLogs } from '../../../../station/execution/recording/sweep-logs.ts';
import { createFileLog } from '../../../../station/devices/drivers/node/log-file.ts';
import { RECORDING_LIMITS } from '../../../../station/execution/recording/index.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const DAY = 86_400_000;
const clock = manualClock();

/** Log files by name, with their size and how many days ago they were last written. */
function plant(dir: string, files: Readonly<Record<string, readonly [bytes: number, days: number]>>): void {
  mkdirSync(join(dir, 'logs'), { recursive: true });
  for (const [name, [bytes, days]] of Object.entries(files)) {
    const file = join(dir, 'logs', name);
    writeFileSync(file, 'x'.repeat(bytes));
    const at = (clock.nowMs() - days * DAY) / 1000;
    utimesSync(file, at, at);
  }
}
const names = (dir: string): string[] => readdirSync(join(dir, 'logs')).sort();
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const limits = { maxAgeDays: 30, maxBytes: 1000, keepDays: 0 };

describe('the logs of a station', () => {
  it('are removed when they are too old or too large, the oldest first; open and foreign files stay', async () => {
    using dir = tempDir('logs');
    plant(dir.path, {
      '2026-10-01.jsonl': [10, 51],
      '2026-11-18.jsonl': [400, 3],
      '2026-11-19.jsonl': [400, 2],
      '2026-11-21.jsonl': [400, 0.1],
      '2026-11-21.1.jsonl': [900, 0],
      'notes.txt': [5000, 400],
      'old-2020.jsonl': [5000, 400],
    });
    const log: string[] = [];
    const note = (event: string, fields: object = {}): void =>
      void log.push(`${event} ${Object.values(fields).join(' ')}`);
    const parts = { dataDir: dir.path, log: { ...silent, info: note }, nowMs: clock.nowMs(), limits };
    await sweepLogs({ ...parts, mayRemoveByAge: () => Promise.resolve(true) });
    expect(names(dir.path)).toEqual(['2026-11-21.1.jsonl', 'notes.txt', 'old-2020.jsonl']);
    expect(log).toEqual([
      'log.swept 2026-10-01.jsonl age 10',
      'log.swept 2026-11-18.jsonl size 400',
      'log.swept 2026-11-19.jsonl size 400',
      'log.swept 2026-11-21.jsonl size 400',
    ]);
  });

  it('are not removed by an untrusted clock, except by size', async () => {
    using dir = tempDir('logs');
    plant(dir.path, {
      '2024-01-01.jsonl': [10, 900],
      '2026-11-20.jsonl': [10, 1],
      '2026-11-21.jsonl': [10, 0],
    });
    const parts = {
      dataDir: dir.path,
      log: silent,
      nowMs: clock.nowMs(),
      mayRemoveByAge: () => Promise.resolve(false),
    };
    await sweepLogs({ ...parts, limits });
    expect(names(dir.path)).toHaveLength(3);
    await sweepLogs({ ...parts, limits: { ...limits, maxAgeDays: 3000, maxBytes: 15 } });
    expect(names(dir.path)).toEqual(['2026-11-21.jsonl']);
  });

  it('are swept with the recordings, when a station starts', async () => {
    using dir = tempDir('logs');
    plant(dir.path, { '2024-01-01.jsonl': [10, 900], '2026-11-21.jsonl': [10, 0] });
    const archive = new Archive({
      dataDir: dir.path,
      clock,
      log: silent,
      limits: () => RECORDING_LIMITS,
      openRuns: () => [],
      hasEnded: () => true,
      isTesting: () => false,
      notBeforeMs: () => null,
      removalGuard: { mayRemove: () => Promise.resolve(true), update: () => undefined },
    });
    await archive.whenIdle();
    expect(names(dir.path)).toEqual(['2026-11-21.jsonl']);
    await archive.close();
  });

  it('of a flooded day are in several files of limited size', () => {
    using dir = tempDir('logs');
    for (let start = 0; start < 3; start += 1) {
      const log = createFileLog(dir.path, 2000);
      for (let line = 0; line < 20; line += 1) log.info('flood', { text: 'x'.repeat(60) });
    }
    expect(names(dir.path).map((name) => name.slice(10))).toEqual(['.1.jsonl', '.2.jsonl', '.jsonl']);
  });
});
