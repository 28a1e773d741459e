/** The audit log: a hash-chained, append-only trail of all that changes identity, settings, recipes and users, and its verification. */
export {
  continuationOf,
  readDetails,
  createAuditTrail,
  STATION_ITSELF,
  verifyAudit,
  verifyAuditInTurns,
  type AuditEntry,
  type AuditTrail,
  type TrailReport,
} from './audit-trail.ts';
export { recordRunsLeftBehind } from './accepted-loss.ts';
export { createJournalDigests, digestedUpTo, type JournalDigests } from './journal-digests.ts';
export { type BrokenPart, type RecordsReport, verifyRecords } from './verify-records.ts';
export { type Discrepancy, type OutcomeComparison } from './compare-outcomes.ts';
export { type AuditReport, verifyAll } from './verify-all.ts';
export {
  type AuditComparison,
  compareWithRegistry,
  type RegistryComparison,
} from './compare-with-registry.ts';
