import type { PlainMessageKey } from '#services/i18n/index.ts';
import type { ReturnAction } from './use-returns.ts';

/** Common reasons as presets; other reasons are typed. */
export const REASONS: Readonly<Record<ReturnAction, readonly PlainMessageKey[]>> = {
  keep: ['returns.reason.erased', 'returns.reason.repaired', 'returns.reason.secret'],
  reissue: [
    'returns.reason.boardReplaced',
    'returns.reason.wrongProduct',
    'returns.reason.leaked',
    'returns.reason.otherLine',
  ],
  flash: ['returns.reason.firmwareDamaged', 'returns.reason.firmwareOld'],
  retire: ['returns.reason.scrapped', 'returns.reason.leaked', 'returns.reason.notReturned'],
};
