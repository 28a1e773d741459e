/** Backups and restoring one of them, by page. */
export { BackupWork } from './backup-work.ts';
export { backupHandlers } from './handlers.ts';
