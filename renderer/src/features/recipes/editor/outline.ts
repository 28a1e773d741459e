import type { SyntaxNode, Tree } from '@lezer/common';
import type { Language } from '#services/i18n/index.ts';

/** A phase or a step of a recipe with the lines of its text, from 1. */
export interface OutlineEntry {
  readonly label: string;
  /** Title of the recipe, as far as it is written; `null` without one. */
  readonly title: Readonly<Record<Language, string>> | null;
  /** Kind of a phase, verb of a step. */
  readonly kind: string;
  readonly fromLine: number;
  readonly toLine: number;
  readonly children: readonly OutlineEntry[];
}

/** Reads the text between two offsets, and the line of an offset. */
export interface OutlineText {
  slice(from: number, to: number): string;
  lineAt(offset: number): number;
}

/** The phases of a recipe with their steps, as far as the text can be read. */
export function outlineOf(tree: Tree, text: OutlineText): OutlineEntry[] {
  const document = tree.topNode.getChild('Document');
  const phases = valueOf(mappingIn(document), 'phases', text);
  return itemsOf(phases).map((phase): OutlineEntry => {
    const steps = itemsOf(valueOf(mappingIn(phase), 'steps', text)).map((step): OutlineEntry => {
      const mapping = mappingIn(step);
      const verb = scalarOf(mapping, 'verb', text);
      return {
        label: scalarOf(mapping, 'name', text) || verb || '…',
        title: titleOf(mapping, text),
        kind: verb,
        ...linesOf(step, text),
        children: [],
      };
    });
    const mapping = mappingIn(phase);
    return {
      label: scalarOf(mapping, 'name', text) || '…',
      title: titleOf(mapping, text),
      kind: scalarOf(mapping, 'kind', text),
      ...linesOf(phase, text),
      children: steps,
    };
  });
}

/** A title in both languages; a language that is not written yet has an empty text. */
function titleOf(mapping: SyntaxNode | null, text: OutlineText): OutlineEntry['title'] {
  const title = valueOf(mapping, 'title', text);
  if (title === null) return null;
  const texts = /Mapping$/.test(title.name) ? title : mappingIn(title);
  return { 'zh-CN': scalarOf(texts, 'zh-CN', text), en: scalarOf(texts, 'en', text) };
}

export function mappingIn(node: SyntaxNode | null): SyntaxNode | null {
  return node?.getChild('BlockMapping') ?? node?.getChild('FlowMapping') ?? null;
}

export function itemsOf(node: SyntaxNode | null): SyntaxNode[] {
  return node?.getChildren('Item') ?? [];
}

/** The value of a key: a list, a mapping or a scalar. */
export function valueOf(mapping: SyntaxNode | null, key: string, text: OutlineText): SyntaxNode | null {
  const pair = (mapping?.getChildren('Pair') ?? []).find((one) => {
    const name = one.getChild('Key');
    return name !== null && text.slice(name.from, name.to) === key;
  });
  return pair?.lastChild ?? null;
}

export function scalarOf(mapping: SyntaxNode | null, key: string, text: OutlineText): string {
  const value = valueOf(mapping, key, text);
  if (value === null || !/Literal$/.test(value.name)) return '';
  return text.slice(value.from, value.to).replace(/^(['"])(.*)\1$/, '$2');
}

/** An item begins with the blank after its dash. */
export function linesOf(node: SyntaxNode, text: OutlineText): Pick<OutlineEntry, 'fromLine' | 'toLine'> {
  const written = text.slice(node.from, node.to);
  const from = node.from + (written.length - written.trimStart().length);
  return {
    fromLine: text.lineAt(from),
    toLine: text.lineAt(Math.max(from, node.from + written.trimEnd().length)),
  };
}
