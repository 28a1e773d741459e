/** Closing a station and opening it again in the same process, as its pages request it (ADR 61). */
export {
  type Reopen,
  type Reopened,
  type ReopenRequest,
  requestReopening,
  requireIdle,
} from './reopening.ts';
