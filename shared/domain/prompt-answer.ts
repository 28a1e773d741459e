import { parseDecimal } from './exact-number.ts';

/** What a question takes: the values of a `choice`, in their order; of other kinds none are listed. */
export interface Answerable {
  readonly kind: 'pass-fail' | 'confirm' | 'text' | 'number' | 'choice' | 'scan';
  readonly choices: readonly { readonly value: string }[];
}

export type FitAnswer =
  /** The answer as it is recorded. */
  | { readonly ok: true; readonly answer: string }
  /** What the question takes, as `pass or fail`, and why it is not this, as the end of a sentence about the answer. */
  | { readonly ok: false; readonly wanted: string; readonly why: string };

/** Whether a text answers a question of this kind: the same for a question that stands and for one that will come. */
export function fitAnswer({ kind, choices }: Answerable, answer: string): FitAnswer {
  switch (kind) {
    case 'confirm':
      // A label that is read twice confirms nothing.
      return answer === '' || answer.toLowerCase() === 'ok' ? { ok: true, answer: 'ok' } : none('ok');
    case 'pass-fail':
      return answer === 'pass' || answer === 'fail' ? { ok: true, answer } : none('pass or fail');
    case 'choice':
      return choices.some(({ value }) => value === answer)
        ? { ok: true, answer }
        : none(`one of ${choices.map(({ value }) => value).join(', ')}`);
    case 'number': {
      // People write a comma where their language does.
      const number = answer.replace(',', '.');
      const read = parseDecimal(number);
      return read.ok ? { ok: true, answer: number } : { ok: false, wanted: 'a number', why: read.why };
    }
    case 'text':
    case 'scan':
      return answer === '' ? none('a text') : { ok: true, answer };
  }
}

function none(wanted: string): FitAnswer {
  return { ok: false, wanted, why: `is not ${wanted}` };
}
