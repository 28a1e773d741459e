import type { AuditAction } from '#shared/domain/audit-actions.ts';
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BackupsState, BackupView, SectionHandlers } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Admission } from '../../core/admission/index.ts';
import { type Approve, approverCredentialsOf } from '../../core/approval/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import { backupTimeMs, checkBackup, listBackups, type WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { UploadStore } from '../../core/uploads/index.ts';
import type { Slots } from '../../execution/slots/index.ts';
import type { Downloads } from '../downloads/index.ts';
import { DISK_LIMITS, freeBytes, type Health } from '../health/index.ts';
import {
  backupStamp,
  changeSchedule,
  EVERY_RUNS,
  keyFileOf,
  readSchedule,
  restoreStation,
  writeKeyFile,
} from '../recovery/index.ts';
import { type Reopen, type Reopened, requestReopening, requireIdle } from '../reopening/index.ts';
import type { BackupWork } from './backup-work.ts';
import { addBackup } from './add-backup.ts';
import { checkChosenBackup } from './check-chosen-backup.ts';
import { previewRestore } from './preview-restore.ts';

export interface BackupOptions {
  readonly platform: Platform;
  readonly config: { readonly reopen?: Reopen | undefined; readonly reopened?: Reopened | undefined };
  readonly database: WritableDatabase;
  readonly audit: AuditTrail;
  readonly access: { readonly approve: Approve };
  readonly health: Health;
  readonly backupWork: BackupWork;
  readonly downloads: Downloads;
  readonly uploads: UploadStore;
  readonly slots: Slots;
  readonly admission: Admission;
}

export function backupHandlers({
  platform,
  config,
  database,
  audit,
  access,
  health,
  backupWork,
  downloads,
  uploads,
  slots,
  admission,
}: BackupOptions): SectionHandlers<'backups'> {
  const { clock, paths } = platform;
  const state = (): BackupsState => ({
    backups: listBackups(paths.dataDir).map(viewOf),
    schedule: { ...readSchedule(database), everyRuns: EVERY_RUNS },
    ...health.state().backup,
    canRestore: config.reopen !== undefined,
    restored: restoredOf(config.reopened),
  });
  const pathOf = (name: string): string => {
    const path = listBackups(paths.dataDir).find((one) => basename(one) === name);
    if (path !== undefined) return path;
    throw new Fault('not-found', `there is no backup ${name}`, { hint: 'Read the list again.' });
  };
  const record = (by: Actor, action: AuditAction, name: string, details: Record<string, boolean>): void =>
    database.transaction(() => audit.record(by, action, name, details));

  return {
    'backups.list': () => state(),
    'backups.make': async (_, { by, signal }) => {
      requireSpace(paths.dataDir, database.file);
      const about = { kind: 'make', name: null, by: by.user } as const;
      const path = await backupWork.run(about, signal, async ({ signal: until, onProgress }) => {
        const half = (done: number): void => onProgress(done / 2);
        const made = await health.backUp(backupStamp(clock.nowMs()), by, { signal: until, onProgress: half });
        // A backup that cannot be restored must be noticed before it is needed.
        await checkBackup(made, { signal: until, onProgress: (done) => onProgress((1 + done) / 2) });
        await health.copyBackup(made, by, until);
        return made;
      });
      return { name: basename(path), state: state() };
    },
    'backups.schedule': async (schedule, { by, signal }) => {
      await changeSchedule({ database, audit, dataDir: paths.dataDir }, schedule, by, signal);
      return state();
    },
    'backups.download': async ({ name, passphrase }, { by }) => {
      const path = pathOf(name);
      const files = [{ path, name, type: 'application/vnd.sqlite3' }];
      if (passphrase !== null) {
        const keyName = name.replace(/\.db$/, '.key');
        const target = downloads.newPath(keyName);
        await withBytes(passphrase, (bytes) => writeKeyFile(platform, path, bytes, target));
        files.push({ path: target, name: keyName, type: 'application/octet-stream' });
      }
      record(by, 'backup.download', name, { withKey: passphrase !== null });
      return { files: files.map((file) => ({ fileId: downloads.add(file), name: file.name })) };
    },
    'backups.add': async ({ fileIds }, { by, signal }) => {
      using taken = uploads.take(fileIds, by.user);
      const name = await backupWork.run({ kind: 'add', name: null, by: by.user }, signal, (reading) =>
        addBackup(paths.dataDir, taken.paths, clock.nowMs(), reading),
      );
      record(by, 'backup.add', name, { withKey: taken.paths.some((path) => path.endsWith('.key')) });
      return { name, state: state() };
    },
    'backups.preview': async ({ name }, { by, signal }) => {
      const path = pathOf(name);
      return backupWork.run({ kind: 'preview', name, by: by.user }, signal, async (reading) => ({
        name,
        ...(await previewRestore(platform, database, path, reading)),
      }));
    },
    'backups.restore': async ({ name, passphrase, ...justification }, { by, session, signal }) => {
      const path = pathOf(name);
      requireIdle(slots);
      const about = { kind: 'restore', name, by: by.user } as const;
      await backupWork.run(about, signal, (reading) => checkChosenBackup(path, reading));
      const credentials = approverCredentialsOf(justification, session);
      // Refused here with a wrong PIN, before any page loses its connection; the restore asks for the same proof.
      await access.approve(credentials, by, signal);
      const order = {
        ...credentials,
        from: path,
        by,
        passphrase: passphrase === null ? undefined : () => Promise.resolve(Buffer.from(passphrase, 'utf8')),
      };
      requestReopening(
        { reopen: config.reopen, slots, admission },
        { by, work: (closed, lock) => restoreStation(closed, { ...order, lock }) },
      );
      return {};
    },
  };
}

/** A copy must not take the space that the records of units need. Faults: `disk-full`. */
function requireSpace(dataDir: string, file: string): void {
  const free = freeBytes(dataDir);
  if (free === null || free >= statSync(file).size + DISK_LIMITS.stopBytes) return;
  throw new Fault('disk-full', 'there is not enough space for a backup on the disk of the station', {
    hint: 'Free space on this disk, then make the backup again.',
  });
}

function viewOf(path: string): BackupView {
  const { size, mtimeMs } = statSync(path);
  return {
    name: basename(path),
    sizeBytes: size,
    madeAtMs: backupTimeMs(basename(path)) ?? Math.round(mtimeMs),
    hasKeyFile: existsSync(keyFileOf(path)),
  };
}

/** Null when the station was opened without a restore before. */
function restoredOf(reopened: Reopened | undefined): BackupsState['restored'] {
  if (reopened === undefined || (reopened.report === null && reopened.fault === null)) return null;
  const { atMs, by, report, fault } = reopened;
  if (report === null) return { atMs, by, report, fault };
  const { upToMs, quarantined, sealedLost, runsLeftBehind, auditEntries, messages } = report;
  const { settingsLost, signingKeyLost } = report;
  const shown = { upToMs, quarantined, sealedLost, runsLeftBehind, auditEntries, messages, signingKeyLost };
  const folder = join(basename(join(report.setAside, '..')), basename(report.setAside));
  return { atMs, by, report: { ...shown, settingsLost: [...settingsLost], setAside: folder }, fault };
}

/** Wipes the bytes of a secret after their use. */
async function withBytes<T>(text: string, use: (bytes: Uint8Array) => Promise<T>): Promise<T> {
  const bytes = Buffer.from(text, 'utf8');
  try {
    return await use(bytes);
  } finally {
    bytes.fill(0);
  }
}
