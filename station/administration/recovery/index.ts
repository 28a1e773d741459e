/** Backups, keys wrapped beside them, and restoring a station from one. */
export { backupStamp } from './auto-backup.ts';
export { type AutoBackup, createAutoBackup } from './auto-backup.ts';
export { writeKeyFile } from './key-file.ts';
export { restoreStation, type RestoreOrder, type RestoreReport } from './restore-station.ts';
