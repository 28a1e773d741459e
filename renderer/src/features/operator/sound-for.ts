import type { Outcome } from '#shared/domain/outcome.ts';
import type { ToneName } from '../../services/sound/index.ts';

export function toneOf(outcome: Outcome): ToneName {
  switch (outcome) {
    case 'PASS':
      return 'pass';
    case 'FAIL':
      return 'fail';
    case 'ERROR':
    case 'TIMEOUT':
      return 'error';
    case 'ABORTED':
      return 'stopped';
  }
}
