import type { Outcome } from '#shared/domain/outcome.ts';
import type { IconName } from './icons.ts';

/** The icon of an outcome, on the operator's page and in the back office. */
export const OUTCOME_ICON: Readonly<Record<Outcome, IconName>> = {
  PASS: 'pass',
  FAIL: 'fail',
  ERROR: 'error',
  TIMEOUT: 'timeout',
  ABORTED: 'stopped',
};
