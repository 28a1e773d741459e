import { parseDecimal } from './exact-number.ts';

/** The kind of a prompt and, for a `choice`, its values in order. */
export interface Answerable {
  readonly kind: 'pass-fail' | 'confirm' | 'text' | 'number' | 'choice' | 'scan' | 'photo';
  readonly choices: readonly { readonly value: string }[];
}

export type FitAnswer =
  /** The answer as it is recorded. */
  | { readonly ok: true; readonly answer: string }
  /** The expected answer, as `pass or fail`, and the reason, as the end of a sentence about the answer. */
  | { readonly ok: false; readonly wanted: string; readonly reason: string };

/** Checks an answer: for a prompt that waits, and for answers that are given before the run. */
export function fitAnswer({ kind, choices }: Answerable, answer: string): FitAnswer {
  switch (kind) {
    case 'confirm':
      // Any other text may be a label that was scanned twice.
      return answer === '' || answer.toLowerCase() === 'ok' ? { ok: true, answer: 'ok' } : none('ok');
    case 'pass-fail':
      return answer === 'pass' || answer === 'fail' ? { ok: true, answer } : none('pass or fail');
    case 'choice':
      return choices.some(({ value }) => value === answer)
        ? { ok: true, answer }
        : none(`one of ${choices.map(({ value }) => value).join(', ')}`);
    case 'number': {
      // Accepts the decimal comma of some languages.
      const number = answer.replace(',', '.');
      const read = parseDecimal(number);
      return read.ok
        ? { ok: true, answer: number }
        : { ok: false, wanted: 'a number', reason: read.reason.en };
    }
    case 'photo':
      // A photo is a file; no text answers it.
      return none('a photo');
    case 'text':
    case 'scan':
      return answer === '' ? none('a text') : { ok: true, answer };
  }
}

function none(wanted: string): FitAnswer {
  return { ok: false, wanted, reason: `is not ${wanted}` };
}
