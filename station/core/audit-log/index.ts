/** The trail of everything that touches identity, settings, recipes and people: append-only and hash-chained. */
export {
  chainsOn,
  createAuditTrail,
  STATION_ITSELF,
  verifyAudit,
  type Actor,
  type AuditEntry,
  type AuditTrail,
  type AuditVerdict,
} from './audit-trail.ts';
export { noteLeftBehind } from './external-changes.ts';
export { createRecordKeeper, keptUpTo, type RecordKeeper } from './record-keeper.ts';
export { type BrokenPart, type RecordsVerdict, verifyRecords } from './verify-records.ts';
export { type Disagreement, type OutcomeComparison } from './compare-outcomes.ts';
export { verifyAll, type WholeVerdict, type Witness } from './verify-all.ts';
export { verifyWith, type AuditComparison } from './verify-with.ts';
