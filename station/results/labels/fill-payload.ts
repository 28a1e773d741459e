import { Fault } from '#shared/domain/fault.ts';
import { fillLabelText, type LabelValues } from '#shared/label/index.ts';

/** The text of a label's code with its placeholders filled in. Faults: `bad-input` for a value that the run does not have, and for a text that is empty then. */
export function fillPayload(payload: string, values: LabelValues): string {
  const { text, missing, isEmpty } = fillLabelText(payload, values);
  const [first] = missing;
  if (first === undefined && !isEmpty && text !== '') return text;
  throw new Fault('bad-input', `the code "${payload}" ${first?.en ?? 'is empty for this unit'}`, {
    hint: 'Change "payload" of the label step.',
    details: { payload },
  });
}
