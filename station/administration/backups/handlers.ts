import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BackupsState, BackupView, SectionHandlers } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import { type Approve, approverCredentialsOf } from '../../core/approval/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import { checkBackup, listBackups, type WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { UploadStore } from '../../core/uploads/index.ts';
import type { Slots } from '../../execution/slots/index.ts';
import type { Downloads } from '../downloads/index.ts';
import type { Health } from '../health/index.ts';
import { BACKUP_SCHEDULE, backupStamp, keyFileOf, restoreStation, writeKeyFile } from '../recovery/index.ts';
import { type Reopen, type Reopened, requestReopening, requireIdle } from '../reopening/index.ts';
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
  readonly downloads: Downloads;
  readonly uploads: UploadStore;
  readonly slots: Slots;
}

export function backupHandlers({
  platform,
  config,
  database,
  audit,
  access,
  health,
  downloads,
  uploads,
  slots,
}: BackupOptions): SectionHandlers<'backups'> {
  const { clock, paths } = platform;
  const state = (): BackupsState => ({
    backups: listBackups(paths.dataDir).map(viewOf),
    schedule: BACKUP_SCHEDULE,
    lastAtMs: health.state().backup.lastAtMs,
    canRestore: config.reopen !== undefined,
    restored: restoredOf(config.reopened),
  });
  const pathOf = (name: string): string => {
    const path = listBackups(paths.dataDir).find((one) => basename(one) === name);
    if (path !== undefined) return path;
    throw new Fault('not-found', `there is no backup ${name}`, { hint: 'Read the list again.' });
  };
  const record = (by: Actor, action: string, name: string, details: Record<string, boolean>): void =>
    database.transaction(() => audit.record(by, action, name, details));

  return {
    'backups.list': () => state(),
    'backups.make': async (_, { by }) => {
      const path = await health.backUp(backupStamp(clock.nowMs()), by);
      // A backup that cannot be restored must be noticed before it is needed.
      if (slots.running().length === 0) checkBackup(path);
      return { name: basename(path), state: state() };
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
    'backups.add': async ({ fileIds }, { by }) => {
      requireIdle(slots);
      using taken = uploads.take(fileIds, by.user);
      const name = await addBackup(paths.dataDir, taken.paths, backupStamp(clock.nowMs()));
      record(by, 'backup.add', name, { withKey: taken.paths.length > 1 });
      return { name, state: state() };
    },
    'backups.preview': async ({ name }) => {
      requireIdle(slots);
      return { name, ...(await previewRestore(platform, database, pathOf(name))) };
    },
    'backups.restore': async ({ name, passphrase, ...justification }, { by, session, signal }) => {
      const path = pathOf(name);
      requireIdle(slots);
      checkChosenBackup(path);
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
        { reopen: config.reopen, slots },
        { by, work: (closed) => restoreStation(closed, order) },
      );
      return {};
    },
  };
}

function viewOf(path: string): BackupView {
  const { size, mtimeMs } = statSync(path);
  return {
    name: basename(path),
    sizeBytes: size,
    madeAtMs: Math.round(mtimeMs),
    hasKeyFile: existsSync(keyFileOf(path)),
  };
}

/** Null when the station was opened without a restore before. */
function restoredOf(reopened: Reopened | undefined): BackupsState['restored'] {
  if (reopened === undefined || (reopened.report === null && reopened.fault === null)) return null;
  const { atMs, by, report, fault } = reopened;
  if (report === null) return { atMs, by, report, fault };
  const { upToMs, quarantined, sealedLost, runsLeftBehind, auditEntries, messages, settingsLost } = report;
  const shown = { upToMs, quarantined, sealedLost, runsLeftBehind, auditEntries, messages };
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
