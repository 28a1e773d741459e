/** This module is for the station's own well-being: disk, backups, restoring, and finding out what is wrong. */
export { reachRegistry } from '../diagnostics/reach-registry.ts';
export { type DiskLimits } from './disk-monitor.ts';
export { putKeyBeside } from '../recovery/key-beside.ts';
export { createHealth, type Health } from './health.ts';
export { backupStamp } from '../recovery/backup-stamp.ts';
export { restoreStation, type RestoreOrder, type RestoreReport } from '../recovery/restore-station.ts';
export type { Check } from '../diagnostics/check.ts';
export { examine } from '../diagnostics/examine.ts';
