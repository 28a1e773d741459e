import type { PlainMessageKey } from '#services/i18n/index.ts';
import type { ReturnAction } from './use-returns.ts';

/** What it usually is; anything else is typed. */
export const REASONS: Readonly<Record<ReturnAction, readonly PlainMessageKey[]>> = {
  keep: ['reason.erased', 'reason.repaired', 'reason.secret'],
  reissue: ['reason.boardReplaced', 'reason.wrongProduct', 'reason.leaked', 'reason.otherLine'],
  retire: ['reason.scrapped', 'reason.leaked', 'reason.notReturned'],
};
