/** Backups and restoring one of them, by page. */
export { backupHandlers } from './handlers.ts';
