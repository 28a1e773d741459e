/** Stores the heads of the stations' audit trails, which detects a trail that was rewritten. */
export { auditOf, acceptHead } from './accept-head.ts';
