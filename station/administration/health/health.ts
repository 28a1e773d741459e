import { basename } from 'node:path';
import type { StationHealth } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { BackupReading, WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { type AutoBackup, createAutoBackup } from '../recovery/index.ts';
import { DiskMonitor, type DiskLimits } from './disk-monitor.ts';

/** The disk is checked at this interval, after every run and before every start. */
const CHECK_EVERY_MS = 30_000;

export interface HealthOptions {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  /** The station's name. */
  readonly station: () => string;
  readonly limits?: DiskLimits | undefined;
  readonly publish: (state: StationHealth) => void;
}

/** Checks the disk, makes the backups and reports the state of the audit trail. */
export class Health {
  readonly #options: HealthOptions;
  readonly #disk: DiskMonitor;
  readonly #backups: AutoBackup;
  readonly #timer: NodeJS.Timeout;
  #trailRewritten = false;
  #backupFault: Fault | null = null;
  #backupUnderWay: Promise<void> | null = null;
  readonly #closing = new AbortController();

  constructor(options: HealthOptions) {
    this.#options = options;
    const { database, platform, audit, station } = options;
    const { clock, log } = platform;
    this.#disk = new DiskMonitor(platform.paths.dataDir, database, clock, options.limits);
    this.#backups = createAutoBackup({ database, audit, clock, log, station });
    if (this.#disk.state().low || this.#disk.state().fault !== null) this.#logDisk();
    this.#timer = setInterval(() => this.onRecorded(), CHECK_EVERY_MS);
    // The timer alone must not keep the process running.
    this.#timer.unref();
  }

  state(): StationHealth {
    return {
      disk: this.#disk.state(),
      backup: {
        lastAtMs: this.#backups.lastAtMs(),
        copyAtMs: this.#backups.lastCopyAtMs(),
        fault: this.#backupFault === null ? null : this.#backupFault.toView(),
      },
      trailRewritten: this.#trailRewritten,
      lostLogLines: this.#options.platform.log.lost?.() ?? 0,
    };
  }

  /** Requires that a run can be recorded. Faults: those of `DiskMonitor.requireCanRecord`; `database-corrupt` after damage was found in the database. */
  requireCanRecord(): void {
    const { damage } = this.#options.database;
    if (damage !== null) throw damage;
    this.#checkDisk();
    this.#disk.requireCanRecord();
  }

  /** Checks the disk, and makes a backup when one is due. Call it after each run and other records. */
  onRecorded(): void {
    this.#checkDisk();
    this.#backUpWhenDue();
  }

  /**
   * Makes a copy of the database that a person asked for; returns its path. Faults: `disk-full`, `file-denied`, the signal's
   * reason.
   */
  async backUp(stamp: string, by: Actor, reading: BackupReading = {}): Promise<string> {
    const { database, audit } = this.#options;
    const path = await database.backup(stamp, reading);
    database.transaction(() => audit.record(by, 'backup.make', basename(path), { automatic: false }));
    return path;
  }

  /** Copies a backup to the second folder, if there is one. A fault of it is in the state: the backup itself is whole. */
  async copyBackup(path: string, by: Actor, signal: AbortSignal): Promise<void> {
    try {
      await this.#backups.copy(path, by, signal);
      this.#backupFault = null;
    } catch (error) {
      throwIfAborted(signal);
      if (!(error instanceof Fault)) throw error;
      this.#backupFault = error;
    }
    this.#options.publish(this.state());
  }

  /** @param rewritten the registry has an entry of the audit trail that this station does not have */
  setTrailRewritten(rewritten: boolean): void {
    if (rewritten === this.#trailRewritten) return;
    this.#trailRewritten = rewritten;
    const { platform, publish } = this.#options;
    if (rewritten)
      platform.log.error('audit.rewritten', 'the registry has entries that are no longer in the audit trail');
    publish(this.state());
  }

  async close(): Promise<void> {
    this.#closing.abort(new Fault('cancelled', 'the station was closed'));
    clearInterval(this.#timer);
    await this.#backupUnderWay;
  }

  #checkDisk(): void {
    if (!this.#disk.check()) return;
    this.#logDisk();
    this.#options.publish(this.state());
  }

  #logDisk(): void {
    const { log } = this.#options.platform;
    const { freeBytes, low, full, fault, hoursLeft } = this.#disk.state();
    const fields = { freeBytes, hoursLeft: hoursLeft === null ? null : Math.round(hoursLeft * 10) / 10 };
    if (fault !== null) log.error('disk.reserve-failed', fault.message);
    else if (full) log.warn('disk.full', fields);
    else if (low) log.warn('disk.low', fields);
    else log.info('disk.enough', fields);
  }

  #backUpWhenDue(): void {
    // A copy on a disk that is short of space would stop the production that it is made for.
    if (this.#closing.signal.aborted || this.#backupUnderWay !== null || this.#disk.state().low) return;
    this.#backupUnderWay = this.#makeBackup().finally(() => {
      this.#backupUnderWay = null;
    });
  }

  /** Never rejects: a run that has just ended does not fail because of a backup. */
  async #makeBackup(): Promise<void> {
    try {
      if (!this.#backups.checkDue()) return;
      await this.#backups.make(this.#closing.signal);
      this.#backupFault = null;
    } catch (error) {
      // The next start makes it.
      if (this.#closing.signal.aborted) return;
      this.#options.platform.log.error('backup.failed', error);
      this.#backupFault = error instanceof Fault ? error : new Fault('internal', 'no backup could be made');
    }
    if (!this.#closing.signal.aborted) this.#options.publish(this.state());
  }
}
