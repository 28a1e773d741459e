/** Backups, keys wrapped beside them, and restoring a station from one. */
export { backupStamp } from './auto-backup.ts';
export { type BackupSchedule, changeSchedule, EVERY_RUNS, readSchedule } from './backup-schedule.ts';
export { type AutoBackup, createAutoBackup } from './auto-backup.ts';
export { keyFileOf, writeKeyFile } from './key-file.ts';
export {
  restoreStation,
  type RestoreOrder,
  type RestoreReport,
  STATES_IN_UNITS,
  UNCERTAIN_STATES,
} from './restore-station.ts';
