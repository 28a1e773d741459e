import { statfsSync } from 'node:fs';
import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import { type DiskSample, hoursLeft, withSample } from './disk-forecast.ts';

export interface DiskLimits {
  /** Said when so little is left, or when it would be used up within the hour. */
  readonly lowBytes: number;
  /** No unit is started when so little is left: what is under way must be recorded to its end. */
  readonly stopBytes: number;
}

export const DISK_LIMITS: DiskLimits = { lowBytes: 500 * 1024 * 1024, stopBytes: 64 * 1024 * 1024 };
const WARN_HOURS = 1;
const TOLD_CHANGE = 0.05;

export interface DiskState {
  /** Null when the disk does not say. */
  readonly freeBytes: number | null;
  readonly low: boolean;
  /** The line stops: no unit is started. */
  readonly full: boolean;
  readonly hoursLeft: number | null;
}

export interface DiskMonitor {
  readonly state: DiskState;
  /** Looks anew. True when the state is another one, beyond a few bytes. */
  look(): boolean;
  /** Before a unit is started, by what was seen last. Faults: `disk-full`. */
  admit(): void;
}

/** Watches the disk of the data directory, and keeps the store's spare space whenever there is room for it. */
export function createDiskMonitor(
  dataDir: string,
  database: Pick<WritableDatabase, 'diskReserve'>,
  clock: Clock,
  limits: DiskLimits = DISK_LIMITS,
  freeBytesOf: (dir: string) => number | null = freeBytes,
): DiskMonitor {
  let samples: DiskSample[] = [];
  let state: DiskState = { freeBytes: null, low: false, full: false, hoursLeft: null };

  function look(): boolean {
    const before = state;
    const free = freeBytesOf(dataDir);
    // Making it while little is left would take what a run under way needs.
    const held =
      database.diskReserve === null ||
      database.diskReserve.held ||
      (isAbove(free) && database.diskReserve.keep());
    if (free === null) {
      state = { freeBytes: null, low: !held, full: !held, hoursLeft: null };
    } else {
      samples = withSample(samples, { atMs: clock.monotonicMs(), freeBytes: free });
      const hours = hoursLeft(samples, limits.stopBytes);
      const full = free < limits.stopBytes || !held;
      const low = full || free < limits.lowBytes || (hours !== null && hours < WARN_HOURS);
      state = { freeBytes: free, low, full, hoursLeft: hours };
    }
    return (
      before.low !== state.low || before.full !== state.full || isOther(before.freeBytes, state.freeBytes)
    );
  }
  function isAbove(free: number | null): boolean {
    return free === null || free >= limits.stopBytes;
  }

  look();
  return {
    get state() {
      return state;
    },
    look,
    admit() {
      if (!state.full) return;
      const left = state.freeBytes === null ? 'almost nothing' : `${megabytes(state.freeBytes)} MB`;
      throw new Fault('disk-full', `${left} is left on the disk of ${dataDir}: no unit can be recorded`, {
        hint: 'Free space on this disk, then start the unit again; nothing that was recorded is lost.',
        details: { freeBytes: state.freeBytes ?? 0 },
      });
    },
  };
}

/** By more than a person would call the same. */
function isOther(before: number | null, now: number | null): boolean {
  if (before === null || now === null) return before !== now;
  return Math.abs(before - now) > before * TOLD_CHANGE;
}

/** What an ordinary user may still write below this directory; null when the file system does not say. */
export function freeBytes(dir: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(dir);
    return bavail * bsize;
  } catch {
    return null;
  }
}

export function megabytes(bytes: number): number {
  return Math.floor(bytes / 1024 / 1024);
}
