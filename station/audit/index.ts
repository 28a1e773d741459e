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
export { verifyWith, type AuditComparison } from './verify-with.ts';
