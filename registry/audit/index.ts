/** This module is for remembering where each station's audit trail ended, so that none can be rewritten unseen. */
export { auditOf, acceptHead } from './accept-head.ts';
