import type { SyntaxNode, Tree } from '@lezer/common';
import { itemsOf, linesOf, mappingIn, type OutlineText, scalarOf, valueOf } from './outline.ts';

/** Keys whose numbers are changed most often. */
const KEYS = [
  'min',
  'max',
  'above',
  'below',
  'equals',
  'percent',
  'retries',
  'retryDelayMs',
  'timeoutMs',
  'withinMs',
  'ms',
] as const;
export type StepFieldKey = (typeof KEYS)[number];

/** A number of a step, with its place in the text. */
export interface StepField {
  readonly key: StepFieldKey;
  /** Name of the measurement; empty for a number of the step itself. */
  readonly of: string;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export const FIELD_NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/;

/** The numbers of the step at a line, in the order of the text; none outside of a step. */
export function stepFieldsOf(tree: Tree, text: OutlineText, line: number): StepField[] {
  const document = tree.topNode.getChild('Document');
  const phases = itemsOf(valueOf(mappingIn(document), 'phases', text));
  const isAt = (node: SyntaxNode): boolean => {
    const { fromLine, toLine } = linesOf(node, text);
    return line >= fromLine && line <= toLine;
  };
  const phase = phases.find(isAt);
  const step = itemsOf(valueOf(mappingIn(phase ?? null), 'steps', text)).find(isAt);
  if (step === undefined) return [];
  const fields: StepField[] = [];
  step.cursor().iterate(({ name, node }) => {
    const key = name === 'Pair' ? node.getChild('Key') : null;
    const value = node.lastChild;
    if (key === null || value?.name !== 'Literal') return;
    const [keyText, written] = [text.slice(key.from, key.to), text.slice(value.from, value.to)];
    const known = KEYS.find((one) => one === keyText);
    if (known !== undefined && FIELD_NUMBER.test(written))
      fields.push({
        key: known,
        of: measurementOf(node, step, text),
        text: written,
        from: value.from,
        to: value.to,
      });
  });
  return fields;
}

/** The name beside a number, or further out, but inside of the step. */
function measurementOf(pair: SyntaxNode, step: SyntaxNode, text: OutlineText): string {
  for (let node = pair.parent; node !== null && node.from > step.from; node = node.parent) {
    if (node.parent?.from === step.from && node.parent.to === step.to && node.parent.name === step.name)
      return '';
    const name = /Mapping$/.test(node.name) ? scalarOf(node, 'name', text) : '';
    if (name !== '') return name;
  }
  return '';
}
