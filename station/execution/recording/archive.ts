import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Log } from '../../core/platform/index.ts';
import {
  DAY_MS,
  type RemovalGuard,
  type RetentionLimits,
  selectExpired,
} from '../../core/retention/index.ts';
import { packRecording, PARTIAL } from './pack-recording.ts';
import { listRecordings, type RecordingFile, recordingsDir } from './recording-files.ts';
import { sweepLogs } from './sweep-logs.ts';

/** Interval of the sweep of all recordings. */
const SWEEP_INTERVAL_MS = 3_600_000;
/** A recording of no open run that was not written to for this time is complete. */
const ABANDONED_MS = 3_600_000;
/** How long the close of a station waits for files to be packed; the next start continues. */
const CLOSE_TIMEOUT_MS = 3000;

export type RecordingLimits = RetentionLimits;
export const RECORDING_LIMITS: RecordingLimits = { maxAgeDays: 365, maxBytes: 20_000_000_000, keepDays: 7 };

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
  readonly removalGuard: RemovalGuard;
}

/**
 * Packs the recordings of a station when their runs have ended, and removes those that are too old or too large. Starts at once with
 * the recordings that the last stop left.
 */
export class Archive {
  readonly #options: ArchiveOptions;
  readonly #dataDir: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #closing = new AbortController();
  readonly #clockQuestion = new AbortController();
  readonly #ended: string[] = [];
  #working: Promise<void> | null = null;
  #sweptAtMs: number | null = null;
  #bytes = 0;
  /** What was removed since the last `tidy` began. */
  #removed = { removed: 0, bytes: 0 };

  constructor(options: ArchiveOptions) {
    this.#options = options;
    this.#dataDir = options.dataDir;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#start();
  }

  /** Packs the recording of a run that has ended, and removes recordings when no unit is tested. */
  runEnded(runId: string): void {
    this.#ended.push(runId);
    this.#start();
  }

  /** The recordings that the next sweep removes, and when the oldest one was written. */
  async preview(): Promise<{
    readonly oldestAtMs: number | null;
    readonly expired: readonly RecordingFile[];
  }> {
    const all = await listRecordings(this.#dataDir);
    return {
      oldestAtMs: all[0] === undefined ? null : Math.round(all[0].atMs),
      expired: this.#selectOld(all, new Set(this.#options.openRuns())),
    };
  }

  /** Sweeps now, after the work under way. Returns what was removed. */
  async tidy(): Promise<{ readonly removed: number; readonly bytes: number }> {
    await this.whenIdle();
    this.#removed = { removed: 0, bytes: 0 };
    this.#sweptAtMs = null;
    this.#start();
    await this.whenIdle();
    return this.#removed;
  }

  /** Resolves when the present work is done. */
  async whenIdle(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  async close(): Promise<void> {
    this.#clockQuestion.abort();
    const late = setTimeout(() => this.#closing.abort(), CLOSE_TIMEOUT_MS);
    while (this.#working !== null) await this.#working;
    clearTimeout(late);
    this.#closing.abort();
  }

  #start(): void {
    if (this.#closing.signal.aborted) return;
    this.#working ??= this.#work()
      .catch((error: unknown) => this.#log.error('recordings.untidy', error))
      .finally(() => {
        this.#working = null;
      });
  }

  async #work(): Promise<void> {
    if (this.#sweptAtMs === null) await this.#sweepAll();
    for (let runId = this.#ended.shift(); runId !== undefined; runId = this.#ended.shift()) {
      for (const recording of await listRecordings(this.#dataDir, runId)) {
        this.#bytes += recording.bytes;
        if (!recording.packed) await this.#pack(recording);
      }
    }
    const due = this.#sweptAtMs === null || this.#clock.monotonicMs() - this.#sweptAtMs > SWEEP_INTERVAL_MS;
    if ((due || this.#bytes > this.#options.limits().maxBytes) && !this.#options.isTesting())
      await this.#sweepAll();
  }

  /** Packs the recordings that a killed station left, and removes those beyond the limits. */
  async #sweepAll(): Promise<void> {
    this.#sweptAtMs = this.#clock.monotonicMs();
    await this.#removePartialFiles();
    const open = new Set(this.#options.openRuns());
    for (const recording of await listRecordings(this.#dataDir)) {
      const idle =
        this.#options.hasEnded(recording.id) || this.#clock.nowMs() - recording.atMs > ABANDONED_MS;
      if (!recording.packed && idle && !open.has(recording.id)) await this.#pack(recording);
    }
    const limits = this.#options.limits();
    const all = await listRecordings(this.#dataDir);
    this.#bytes = all.reduce((sum, recording) => sum + recording.bytes, 0);
    this.#options.removalGuard.update();
    const nowMs = this.#clock.nowMs();
    const old = this.#selectOld(all, open);
    const may =
      old.length > 0 &&
      (await this.#options.removalGuard.mayRemove('recordings', this.#clockQuestion.signal));
    const swept = may ? old : [];
    for (const { path, id, because, bytes: size, atMs } of swept) {
      if (this.#closing.signal.aborted) return;
      await rm(path, { force: true });
      this.#bytes -= size;
      this.#removed = { removed: this.#removed.removed + 1, bytes: this.#removed.bytes + size };
      this.#log.info('recording.swept', { run: id, because, bytes: size, at: new Date(atMs).toISOString() });
    }
    if (swept.length > 0)
      this.#log.info('recordings.swept', {
        recordings: swept.length,
        kept: all.length - swept.length,
        bytes: this.#bytes,
      });
    await sweepLogs({
      dataDir: this.#dataDir,
      log: this.#log,
      nowMs,
      mayRemoveByAge: () => this.#options.removalGuard.mayRemove('logs', this.#clockQuestion.signal),
    });
    if (this.#bytes > limits.maxBytes)
      this.#log.warn('recordings.many', {
        bytes: this.#bytes,
        maxBytes: limits.maxBytes,
        keepDays: limits.keepDays,
      });
  }

  /** The recordings beyond the limits, oldest first. */
  #selectOld(all: readonly RecordingFile[], open: ReadonlySet<string>) {
    const limits = this.#options.limits();
    const nowMs = this.#clock.nowMs();
    const youngMs = limits.keepDays * DAY_MS;
    // A recording made while the clock was years behind looks old; the runs before it show that it is not.
    return selectExpired(all, limits, nowMs, (id) => open.has(id)).filter(
      ({ id }) => nowMs - (this.#options.notBeforeMs(id) ?? -Infinity) > youngMs,
    );
  }

  async #pack(recording: RecordingFile): Promise<void> {
    if (this.#closing.signal.aborted) return;
    try {
      this.#bytes += (await packRecording(recording.path, this.#closing.signal)) - recording.bytes;
    } catch (error) {
      // The plain file can be read as well. On a full disk the next sweep tries again.
      if (!this.#closing.signal.aborted) this.#log.error('recording.unpacked', error, { run: recording.id });
    }
  }

  /** Removes the files that a killed station was writing; their plain files still exist. */
  async #removePartialFiles(): Promise<void> {
    const dir = recordingsDir(this.#dataDir);
    for (const name of await readdir(dir).catch(() => []))
      if (name.endsWith(PARTIAL)) await rm(join(dir, name), { force: true });
  }
}
