import type { PromptView, ScanResult } from '#shared/contract/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import type { Translator, Values } from '#services/i18n/index.ts';
import type { FaultView } from '#services/client/index.ts';

/** `work`: it began and goes on, which is no success yet. */
export type FeedbackKind = 'busy' | 'work' | 'done' | 'refused' | 'info';

/** The page's response to the operator's last action; its text follows the language. */
export interface Feedback {
  /** The scanned text; `null` without a scan. */
  readonly scanned: string | null;
  /** By `performance.now()`. */
  readonly atMs: number;
  readonly kind: FeedbackKind;
  readonly code: FaultCode | null;
  /** The runs that it began; with the end of one it is over. */
  readonly runIds?: readonly string[];
  /** The text was the answer to a question. */
  readonly isAnswer?: boolean;
  message(i18n: Translator): string;
  action(i18n: Translator): string | null;
}

export function busyFeedback(scanned: string | null, atMs: number): Feedback {
  return {
    scanned,
    atMs,
    kind: 'busy',
    code: null,
    message: (i18n) => i18n.t('scan.sending'),
    action: () => null,
  };
}

export function infoFeedback(
  atMs: number,
  message: (i18n: Translator) => string,
  kind: FeedbackKind = 'info',
): Feedback {
  return { scanned: null, atMs, kind, code: null, message, action: () => null };
}

export function resultFeedback(scanned: string | null, atMs: number, result: ScanResult): Feedback {
  return {
    scanned,
    atMs,
    kind: isWork(result) ? 'work' : 'done',
    code: null,
    runIds: runsOf(result),
    isAnswer: result.kind === 'answered',
    message: (i18n) => formatResult(result, i18n),
    action: () => null,
  };
}

function isWork({ kind }: ScanResult): boolean {
  return kind === 'started' || kind === 'started-together' || kind === 'stopping';
}
function runsOf(result: ScanResult): readonly string[] {
  if (result.kind === 'started') return [result.runId];
  return result.kind === 'started-together' ? result.runs.map(({ runId }) => runId) : [];
}

/** The answer arrived, and its question is asked again because of it. */
export function answerRefused(answered: Feedback, slot: number, prompt: PromptView): Feedback {
  return {
    ...answered,
    kind: 'refused',
    message: (i18n) => i18n.t('scan.answerRefused', { slot }),
    action: (i18n) => prompt.refused?.[i18n.language] ?? null,
  };
}

/** `context` fills placeholders of the fault's texts that its details do not contain. */
export function refusalFeedback(
  scanned: string | null,
  atMs: number,
  fault: FaultView,
  context: Values,
): Feedback {
  const faultTexts = (i18n: Translator): ReturnType<Translator['fault']> =>
    i18n.fault(fault.code, { ...context, ...fault.details });
  return {
    scanned,
    atMs,
    kind: 'refused',
    code: fault.code,
    message: (i18n) => faultTexts(i18n).message,
    action: (i18n) =>
      onlyCase(fault, i18n) ??
      [faultTexts(i18n).action, faultTexts(i18n).more].filter((part) => part !== null).join(' '),
  };
}

/** The number is right but for the case of its letters: another label would not help. */
function onlyCase({ code, details }: FaultView, i18n: Translator): string | null {
  const { upperCase } = details;
  if (code !== 'serial-malformed' || typeof upperCase !== 'string') return null;
  return i18n.t('scan.onlyCase', { text: upperCase });
}

function formatResult(result: ScanResult, i18n: Translator): string {
  switch (result.kind) {
    case 'started': {
      const started = i18n.t('scan.started', { slot: result.slot });
      const { oldLabel } = result;
      if (oldLabel === undefined) return started;
      const { deviceName, sinceMs, because } = oldLabel;
      const values = { deviceName, since: i18n.timestamp(sinceMs), because: because || '—' };
      return `${started} ${i18n.t('scan.oldLabel', values)}`;
    }
    case 'started-together':
      return i18n.t('scan.started', { slot: i18n.list(result.runs.map(({ slot }) => slot)) });
    case 'selected':
      return i18n.t('scan.selected', { slot: result.slot });
    case 'acknowledged':
      return result.slots.length === 0
        ? i18n.t('scan.nothingToAcknowledge')
        : i18n.t('scan.acknowledged', { slots: i18n.list(result.slots) });
    case 'answered':
      return i18n.t('scan.answered', { slot: result.slot });
    case 'signed-in':
      return i18n.t('scan.signedIn', { name: result.user });
    case 'stopping':
      return result.slots.length === 0
        ? i18n.t('scan.nothingToStop')
        : i18n.t('scan.stopping', { slots: i18n.list(result.slots) });
  }
}
