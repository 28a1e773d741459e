/** The health of a station: free space of its disk, automatic backups, state of the audit trail. */
export { DISK_LIMITS, type DiskLimits, freeBytes, megabytes } from './disk-monitor.ts';
export { Health } from './health.ts';
export { IntegrityCheck } from './integrity-check.ts';
