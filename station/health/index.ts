/** This module is for the station's own well-being: disk, backups, restoring, and finding out what is wrong. */
export { reachRegistry } from './reach-registry.ts';
export { type DiskLimits } from './disk-watch.ts';
export { putKeyBeside } from './key-beside.ts';
export { createHealth, type Health } from './health.ts';
export { backupStamp } from './backup-stamp.ts';
export { restoreStation, type RestoreOrder, type RestoreReport } from './restore-station.ts';
export type { Check } from './check.ts';
export { examine } from './examine.ts';
