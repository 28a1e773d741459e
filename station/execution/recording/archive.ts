import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClockTrust } from '../../administration/clock-trust/index.ts';
import type { Clock, Log } from '../../core/platform/index.ts';
import { type KeptRecording, listRecordings } from './list-recordings.ts';
import { packRecording, PACKING } from './pack-recording.ts';
import { recordingsDir } from './recording-file.ts';
import { DAY_MS, type RecordingLimits, selectExpired } from './retention.ts';
import { sweepLogs } from './sweep-logs.ts';

/** So often everything is looked through. */
const LOOK_EVERY_MS = 3_600_000;
/** What nobody has written to for so long, and is no open run, is written no more. */
const ABANDONED_MS = 3_600_000;
/** A station that closes does not wait longer for files to be packed; the next start goes on. */
const CLOSING_MS = 3000;

export interface ArchiveParts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: () => RecordingLimits;
  /** Runs that are not finished. */
  readonly openRuns: () => readonly string[];
  /** True for a run that has ended. */
  readonly hasEnded: (id: string) => boolean;
  /** True while a unit is being run. */
  readonly atWork: () => boolean;
  /** When a run can have been at the earliest, by those before it; null for what is no run. */
  readonly notBeforeMs: (id: string) => number | null;
  /** Whether the clock is to be believed when something is removed by it. */
  readonly clockTrust: Pick<ClockTrust, 'mayRemove' | 'update'>;
}

/** The recordings of a station: packed when their run is over, swept away when they are too old or too many. */
export interface Archive {
  /** A run has ended: its recording is packed, and what has to go goes, when no unit is being run. */
  runEnded(runId: string): void;
  /** Resolves when nothing is left to be done now. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Looks through what the last stop left behind at once. */
export function createArchive(parts: ArchiveParts): Archive {
  const { dataDir, clock, log } = parts;
  const closing = new AbortController();
  const asking = new AbortController();
  const ended: string[] = [];
  let working: Promise<void> | null = null;
  let lookedAtMs: number | null = null;
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
    if (lookedAtMs === null) await look();
    for (let runId = ended.shift(); runId !== undefined; runId = ended.shift()) {
      for (const one of await listRecordings(dataDir, runId)) {
        bytes += one.bytes;
        if (!one.packed) await pack(one);
      }
    }
    const due = lookedAtMs === null || clock.monotonicMs() - lookedAtMs > LOOK_EVERY_MS;
    if ((due || bytes > parts.limits().maxBytes) && !parts.atWork()) await look();
  }

  /** Looks everything through: packs what a killed station left, sweeps what is to go. */
  async function look(): Promise<void> {
    lookedAtMs = clock.monotonicMs();
    await removeParts();
    const open = new Set(parts.openRuns());
    for (const one of await listRecordings(dataDir)) {
      const idle = parts.hasEnded(one.id) || clock.nowMs() - one.atMs > ABANDONED_MS;
      if (!one.packed && idle && !open.has(one.id)) await pack(one);
    }
    const limits = parts.limits();
    const all = await listRecordings(dataDir);
    bytes = all.reduce((sum, one) => sum + one.bytes, 0);
    parts.clockTrust.update();
    const nowMs = clock.nowMs();
    const youngMs = limits.keepDays * DAY_MS;
    // One that was made while the clock was years behind looks old, and its run came after others that are not.
    const old = selectExpired(all, limits, nowMs, (id) => open.has(id)).filter(
      ({ id }) => nowMs - (parts.notBeforeMs(id) ?? -Infinity) > youngMs,
    );
    const may = old.length > 0 && (await parts.clockTrust.mayRemove('recordings', asking.signal));
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
      mayGo: () => parts.clockTrust.mayRemove('logs', asking.signal),
    });
    if (bytes > limits.maxBytes)
      log.warn('recordings.many', { bytes, maxBytes: limits.maxBytes, keepDays: limits.keepDays });
  }

  async function pack(one: KeptRecording): Promise<void> {
    if (closing.signal.aborted) return;
    try {
      bytes += (await packRecording(one.path, closing.signal)) - one.bytes;
    } catch (error) {
      // It stays as it is, which is as good to read; on a full disk this is no time to insist.
      if (!closing.signal.aborted) log.error('recording.unpacked', error, { run: one.id });
    }
  }

  /** What a killed station was packing: the plain file is still there. */
  async function removeParts(): Promise<void> {
    const dir = recordingsDir(dataDir);
    for (const name of await readdir(dir).catch(() => []))
      if (name.endsWith(PACKING)) await rm(join(dir, name), { force: true });
  }

  return {
    runEnded(runId) {
      ended.push(runId);
      start();
    },
    async settled() {
      while (working !== null) await working;
    },
    async close() {
      asking.abort();
      const late = setTimeout(() => closing.abort(), CLOSING_MS);
      while (working !== null) await working;
      clearTimeout(late);
      closing.abort();
    },
  };
}
