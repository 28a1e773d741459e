import { statfsSync } from 'node:fs';
import { Fault, type FaultView } from '#shared/domain/fault.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { Clock } from '../../core/platform/index.ts';
import { type DiskSample, hoursLeft, withSample } from './disk-forecast.ts';

export interface DiskLimits {
  /** With less free space, or when it would be used up within an hour, the disk is low. */
  readonly lowBytes: number;
  /** With less free space no unit is started: the runs under way need it to be recorded to their end. */
  readonly stopBytes: number;
}

export const DISK_LIMITS: DiskLimits = { lowBytes: 500 * 1024 * 1024, stopBytes: 64 * 1024 * 1024 };
const LOW_HOURS = 1;
/** A smaller change of the free space, as a fraction, is not reported. */
const REPORTED_CHANGE = 0.05;

export interface DiskState {
  /** Null when the file system does not report it. */
  readonly freeBytes: number | null;
  readonly low: boolean;
  /** No unit is started for lack of space. */
  readonly full: boolean;
  /** Why the disk reserve cannot be allocated, if not for lack of space. No unit is started. */
  readonly fault: FaultView | null;
  readonly hoursLeft: number | null;
}

/** Measures the disk of the data directory, and allocates the database's reserve whenever there is space for it. */
export class DiskMonitor {
  readonly #dataDir: string;
  readonly #diskReserve: WritableDatabase['diskReserve'];
  readonly #clock: Clock;
  readonly #limits: DiskLimits;
  readonly #freeBytesOf: (dir: string) => number | null;
  #samples: DiskSample[] = [];
  #reserveFault: Fault | null = null;
  #state: DiskState = { freeBytes: null, low: false, full: false, fault: null, hoursLeft: null };

  constructor(
    dataDir: string,
    { diskReserve }: Pick<WritableDatabase, 'diskReserve'>,
    clock: Clock,
    limits: DiskLimits = DISK_LIMITS,
    freeBytesOf: (dir: string) => number | null = freeBytes,
  ) {
    this.#dataDir = dataDir;
    this.#diskReserve = diskReserve;
    this.#clock = clock;
    this.#limits = limits;
    this.#freeBytesOf = freeBytesOf;
    this.check();
  }

  state(): DiskState {
    return this.#state;
  }

  /** Measures the free space. True when the state has changed enough to be reported. */
  check(): boolean {
    const before = this.#state;
    const free = this.#freeBytesOf(this.#dataDir);
    const lacksReserve = !this.#ensureReserve(free) && this.#reserveFault === null;
    const fault = this.#reserveFault?.toView() ?? null;
    if (free === null) {
      this.#state = { freeBytes: null, low: lacksReserve, full: lacksReserve, fault, hoursLeft: null };
    } else {
      this.#samples = withSample(this.#samples, { atMs: this.#clock.monotonicMs(), freeBytes: free });
      const hours = hoursLeft(this.#samples, this.#limits.stopBytes);
      const full = free < this.#limits.stopBytes || lacksReserve;
      const low = full || free < this.#limits.lowBytes || (hours !== null && hours < LOW_HOURS);
      this.#state = { freeBytes: free, low, full, fault, hoursLeft: hours };
    }
    return (
      before.low !== this.#state.low ||
      before.full !== this.#state.full ||
      before.fault?.code !== this.#state.fault?.code ||
      hasChanged(before.freeBytes, this.#state.freeBytes)
    );
  }

  /** True when the reserve is allocated. A fault other than a full disk is stored. */
  #ensureReserve(free: number | null): boolean {
    this.#reserveFault = null;
    if (this.#diskReserve === null || this.#diskReserve.isAllocated()) return true;
    // Allocating the reserve when little is left would take the space that a run under way needs.
    if (free !== null && free < this.#limits.stopBytes) return false;
    try {
      return this.#diskReserve.allocate();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#reserveFault = error;
      return false;
    }
  }

  /**
   * Requires that the disk can take a run, by the last measurement. Faults: `disk-full`, `disk-read-only`, `disk-failing`,
   * `file-denied`, `file-missing`, `data-busy`.
   */
  requireCanRecord(): void {
    if (this.#reserveFault !== null) throw this.#reserveFault;
    if (!this.#state.full) return;
    const left = this.#state.freeBytes === null ? 'almost nothing' : `${megabytes(this.#state.freeBytes)} MB`;
    throw new Fault('disk-full', `${left} is left on the disk of ${this.#dataDir}: no unit can be recorded`, {
      hint: 'Free space on this disk, then start the unit again; nothing that was recorded is lost.',
      details: { freeBytes: this.#state.freeBytes ?? 0 },
    });
  }
}

function hasChanged(before: number | null, now: number | null): boolean {
  if (before === null || now === null) return before !== now;
  return Math.abs(before - now) > before * REPORTED_CHANGE;
}

/** The bytes that an ordinary user may still write in this directory; null when the file system does not report it. */
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
