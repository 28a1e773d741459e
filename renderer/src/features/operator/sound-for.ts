import type { Outcome } from '#shared/domain/outcome.ts';
import type { SoundName } from '#services/sound/index.ts';

export function soundFor(outcome: Outcome): SoundName {
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
