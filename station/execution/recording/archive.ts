import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClockTrust } from '../../administration/clock-trust/index.ts';
import type { Clock, Log } from '../../core/platform/index.ts';
import { packRecording, PARTIAL } from './pack-recording.ts';
import { listRecordings, type RecordingFile, recordingsDir } from './recording-files.ts';
import { DAY_MS, type RecordingLimits, selectExpired } from './retention.ts';
import { sweepLogs } from './sweep-logs.ts';

/** Interval of the sweep of all recordings. */
const SWEEP_INTERVAL_MS = 3_600_000;
/** A recording of no open run that was not written to for this time is complete. */
const ABANDONED_MS = 3_600_000;
/** How long the close of a station waits for files to be packed; the next start continues. */
const CLOSE_TIMEOUT_MS = 3000;

export interface ArchiveOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: () => RecordingLimits;
  /** Ids of runs that have not ended. */
  readonly openRuns: () => readonly string[];
  /** True for the id of a run that has ended. */
  readonly hasEnded: (id: string) => boolean;
  /** True while a unit is tested. */
  readonly isTesting: () => boolean;
  /** Earliest possible time of a run, by the runs before it; null for other ids. */
  readonly notBeforeMs: (id: string) => number | null;
  /** Decides whether the clock is right, before files are removed by their age. */
  readonly clockTrust: Pick<ClockTrust, 'mayRemove' | 'update'>;
}

/** Packs the recordings of a station when their runs have ended, and removes those that are too old or too large. */
export interface Archive {
  /** Packs the recording of a run that has ended, and removes recordings when no unit is tested. */
  runEnded(runId: string): void;
  /** Resolves when the present work is done. */
  whenIdle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts at once with the recordings that the last stop left. */
export function createArchive(options: ArchiveOptions): Archive {
  const { dataDir, clock, log } = options;
  const closing = new AbortController();
  const clockQuestion = new AbortController();
  const ended: string[] = [];
  let working: Promise<void> | null = null;
  let sweptAtMs: number | null = null;
  let bytes = 0;
  start();

  function start(): void {
    if (closing.signal.aborted) return;
    working ??= work()
      .catch((error: unknown) => log.error('recordings.untidy', error))
      .finally(() => {
        working = null;
      });
  }

  async function work(): Promise<void> {
    if (sweptAtMs === null) await sweepAll();
    for (let runId = ended.shift(); runId !== undefined; runId = ended.shift()) {
      for (const one of await listRecordings(dataDir, runId)) {
        bytes += one.bytes;
        if (!one.packed) await pack(one);
      }
    }
    const due = sweptAtMs === null || clock.monotonicMs() - sweptAtMs > SWEEP_INTERVAL_MS;
    if ((due || bytes > options.limits().maxBytes) && !options.isTesting()) await sweepAll();
  }

  /** Packs the recordings that a killed station left, and removes those beyond the limits. */
  async function sweepAll(): Promise<void> {
    sweptAtMs = clock.monotonicMs();
    await removePartialFiles();
    const open = new Set(options.openRuns());
    for (const one of await listRecordings(dataDir)) {
      const idle = options.hasEnded(one.id) || clock.nowMs() - one.atMs > ABANDONED_MS;
      if (!one.packed && idle && !open.has(one.id)) await pack(one);
    }
    const limits = options.limits();
    const all = await listRecordings(dataDir);
    bytes = all.reduce((sum, one) => sum + one.bytes, 0);
    options.clockTrust.update();
    const nowMs = clock.nowMs();
    const youngMs = limits.keepDays * DAY_MS;
    // A recording made while the clock was years behind looks old; the runs before it show that it is not.
    const old = selectExpired(all, limits, nowMs, (id) => open.has(id)).filter(
      ({ id }) => nowMs - (options.notBeforeMs(id) ?? -Infinity) > youngMs,
    );
    const may = old.length > 0 && (await options.clockTrust.mayRemove('recordings', clockQuestion.signal));
    const swept = may ? old : [];
    for (const { path, id, because, bytes: size, atMs } of swept) {
      if (closing.signal.aborted) return;
      await rm(path, { force: true });
      bytes -= size;
      log.info('recording.swept', { run: id, because, bytes: size, at: new Date(atMs).toISOString() });
    }
    if (swept.length > 0)
      log.info('recordings.swept', { recordings: swept.length, kept: all.length - swept.length, bytes });
    await sweepLogs({
      dataDir,
      log,
      nowMs,
      mayRemoveByAge: () => options.clockTrust.mayRemove('logs', clockQuestion.signal),
    });
    if (bytes > limits.maxBytes)
      log.warn('recordings.many', { bytes, maxBytes: limits.maxBytes, keepDays: limits.keepDays });
  }

  async function pack(one: RecordingFile): Promise<void> {
    if (closing.signal.aborted) return;
    try {
      bytes += (await packRecording(one.path, closing.signal)) - one.bytes;
    } catch (error) {
      // The plain file can be read as well. On a full disk the next sweep tries again.
      if (!closing.signal.aborted) log.error('recording.unpacked', error, { run: one.id });
    }
  }

  /** Removes the files that a killed station was writing; their plain files still exist. */
  async function removePartialFiles(): Promise<void> {
    const dir = recordingsDir(dataDir);
    for (const name of await readdir(dir).catch(() => []))
      if (name.endsWith(PARTIAL)) await rm(join(dir, name), { force: true });
  }

  return {
    runEnded(runId) {
      ended.push(runId);
      start();
    },
    async whenIdle() {
      while (working !== null) await working;
    },
    async close() {
      clockQuestion.abort();
      const late = setTimeout(() => closing.abort(), CLOSE_TIMEOUT_MS);
      while (working !== null) await working;
      clearTimeout(late);
      closing.abort();
    },
  };
}
