import type { ScanResult } from '#shared/contract/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import type { Speaker, Values } from '../../services/i18n/index.ts';
import type { FaultView } from '../../services/client/index.ts';

export type Tone = 'busy' | 'done' | 'refused' | 'note';

/** The page's answer to the last thing the operator did; kept as meaning, so that it changes with the language. */
export interface Said {
  /** What was scanned, when it was a scan. */
  readonly scanned: string | null;
  /** By `performance.now()`. */
  readonly atMs: number;
  readonly tone: Tone;
  readonly code: FaultCode | null;
  what(say: Speaker): string;
  todo(say: Speaker): string | null;
}

export function saidBusy(scanned: string | null, atMs: number): Said {
  return { scanned, atMs, tone: 'busy', code: null, what: (say) => say.t('scan.sending'), todo: () => null };
}

export function saidNote(atMs: number, what: (say: Speaker) => string, tone: Tone = 'note'): Said {
  return { scanned: null, atMs, tone, code: null, what, todo: () => null };
}

export function saidResult(scanned: string | null, atMs: number, result: ScanResult): Said {
  return { scanned, atMs, tone: 'done', code: null, what: (say) => wordsOf(result, say), todo: () => null };
}

/** `context` fills what the fault's words name and the fault itself does not carry. */
export function saidRefused(scanned: string | null, atMs: number, fault: FaultView, context: Values): Said {
  const spoken = (say: Speaker): ReturnType<Speaker['fault']> =>
    say.fault(fault.code, { ...context, ...fault.details });
  return {
    scanned,
    atMs,
    tone: 'refused',
    code: fault.code,
    what: (say) => spoken(say).what,
    todo: (say) => [spoken(say).todo, spoken(say).more].filter((part) => part !== null).join(' '),
  };
}

function wordsOf(result: ScanResult, say: Speaker): string {
  switch (result.kind) {
    case 'started':
      return say.t('scan.started', { slot: result.slot });
    case 'started-together':
      return say.t('scan.started', { slot: say.list(result.runs.map(({ slot }) => slot)) });
    case 'selected':
      return say.t('scan.selected', { slot: result.slot });
    case 'acknowledged':
      return result.slots.length === 0
        ? say.t('scan.nothingToAcknowledge')
        : say.t('scan.acknowledged', { slots: say.list(result.slots) });
    case 'answered':
      return say.t('scan.answered', { slot: result.slot });
    case 'stopping':
      return result.slots.length === 0
        ? say.t('scan.nothingToStop')
        : say.t('scan.stopping', { slots: say.list(result.slots) });
  }
}
