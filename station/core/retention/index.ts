/** Retention of files: which ones are removed, and whether the clock can be trusted for it. */
export type { RemovalGuard } from './removal-guard.ts';
export {
  DAY_MS,
  type ExpiredFile,
  type RetentionLimits,
  selectExpired,
  type StoredFile,
} from './select-expired.ts';
