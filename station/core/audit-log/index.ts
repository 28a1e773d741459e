/** The trail of everything that touches identity, settings, recipes and people: append-only and hash-chained. */
export {
  continuationOf,
  createAuditTrail,
  STATION_ITSELF,
  verifyAudit,
  type Actor,
  type AuditEntry,
  type AuditTrail,
  type AuditVerdict,
} from './audit-trail.ts';
export { recordRunsLeftBehind } from './external-changes.ts';
export { createJournalDigests, digestedUpTo, type JournalDigests } from './journal-digests.ts';
export { type BrokenPart, type RecordsVerdict, verifyRecords } from './verify-records.ts';
export { type Discrepancy, type OutcomeComparison } from './compare-outcomes.ts';
export { verifyAll, type AuditReport, type RegistryVerdict } from './verify-all.ts';
export { compareWithRegistry, type AuditComparison } from './verify-with.ts';
