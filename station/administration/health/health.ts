import { basename } from 'node:path';
import type { StationHealth } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor, AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import { createAutoBackup } from '../recovery/index.ts';
import { createDiskMonitor, type DiskLimits } from './disk-monitor.ts';

/** So often the disk is looked at by itself; besides, after every run and before every start. */
const LOOK_EVERY_MS = 30_000;

export interface HealthParts {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly limits?: DiskLimits | undefined;
  readonly publish: (state: StationHealth) => void;
}

/** Whether this station can go on: its disk, its backups, its trail. */
export interface Health {
  readonly state: StationHealth;
  /** Before a unit is started. Faults: `disk-full`, and `database-corrupt` once the database was found damaged. */
  admit(): void;
  /** A run has ended, or something else was written: looks at the disk, makes a backup when it is time. */
  onRecorded(): void;
  /** A copy of the database that somebody asked for; returns its path. Faults: `disk-full`, `file-denied`. */
  backUp(stamp: string, by: Actor): Promise<string>;
  /** What the registry says of the audit trail. */
  setTrailRewritten(rewritten: boolean): void;
  close(): Promise<void>;
}

export function createHealth(parts: HealthParts): Health {
  const { database, platform, audit } = parts;
  const { clock, log } = platform;
  const disk = createDiskMonitor(platform.paths.dataDir, database, clock, parts.limits);
  const backups = createAutoBackup(database, audit, clock, log);
  let trailRewritten = false;
  let backupFault: Fault | null = null;
  let making: Promise<void> | null = null;
  let closed = false;
  if (disk.state.low) tell();

  const timer = setInterval(() => {
    look();
    backUp();
  }, LOOK_EVERY_MS);
  // A station has work of its own to stay for.
  timer.unref();

  function state(): StationHealth {
    return {
      disk: disk.state,
      backup: { lastAtMs: backups.lastAtMs, fault: backupFault === null ? null : viewOf(backupFault) },
      trailRewritten,
      lostLogLines: log.lost?.() ?? 0,
    };
  }
  function look(): void {
    if (!disk.look()) return;
    tell();
    parts.publish(state());
  }
  function tell(): void {
    const { freeBytes, low, full, hoursLeft } = disk.state;
    const fields = { freeBytes, hoursLeft: hoursLeft === null ? null : Math.round(hoursLeft * 10) / 10 };
    if (full) log.warn('disk.full', fields);
    else if (low) log.warn('disk.low', fields);
    else log.info('disk.enough', fields);
  }
  function backUp(): void {
    // A copy on a disk that is short of space would stop the line it is made for.
    if (closed || making !== null || disk.state.low) return;
    // Nobody who has just finished a run is to hear of what goes wrong here: it is told apart.
    making = makeWhenDue().finally(() => {
      making = null;
    });
  }

  async function makeWhenDue(): Promise<void> {
    try {
      if (!backups.due()) return;
      await backups.make();
      backupFault = null;
    } catch (error) {
      log.error('backup.failed', error);
      backupFault = error instanceof Fault ? error : new Fault('internal', 'no backup could be made');
    }
    if (!closed) parts.publish(state());
  }

  return {
    get state() {
      return state();
    },
    admit() {
      if (database.damage !== null) throw database.damage;
      look();
      disk.admit();
    },
    onRecorded() {
      look();
      backUp();
    },
    async backUp(stamp, by) {
      const path = await database.backup(stamp);
      database.transaction(() => audit.record(by, 'backup.make', basename(path), { automatic: false }));
      return path;
    },
    setTrailRewritten(rewritten) {
      if (rewritten === trailRewritten) return;
      trailRewritten = rewritten;
      if (rewritten) log.error('audit.rewritten', 'the registry keeps what is not in the trail any more');
      parts.publish(state());
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await making;
    },
  };
}

function viewOf({ code, message, hint, details }: Fault): NonNullable<StationHealth['backup']['fault']> {
  return { code, message, hint, details: { ...details } };
}
