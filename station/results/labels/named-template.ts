import { sha256Hex } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { LabelTemplate } from '#shared/label/index.ts';
import { readTemplate } from './templates/index.ts';

/** A template and the hash of its text. */
export interface NamedTemplate {
  readonly template: LabelTemplate;
  readonly sha256: string;
}

/** Faults: `bad-input` with line and column. */
export function requireTemplate(source: string, where: string): NamedTemplate {
  const { template, issues } = readTemplate(source);
  if (template !== null) return { template, sha256: templateHash(source) };
  const [first] = issues;
  const { line = 1, column = 1, path = '', message } = first ?? {};
  throw new Fault(
    'bad-input',
    `${where}:${line}:${column}: ${path === '' ? '' : `${path} `}${message?.en ?? 'is empty'}`,
    { hint: 'See "label check FILE" for all that is wrong.' },
  );
}

/** SHA-256 of the text of a template, with equal line ends. */
export function templateHash(source: string): string {
  return sha256Hex(source.replaceAll('\r\n', '\n'));
}
