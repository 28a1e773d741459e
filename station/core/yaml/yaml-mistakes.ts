import type { CodedText } from '#shared/words/index.ts';
import { yamlText as text } from './yaml-texts.ts';
import { type Document, isScalar, type Pair, Scalar, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import type { YamlProblem } from './yaml-messages.ts';

/**
 * Mistakes that YAML accepts with another meaning: a text that begins with a sign of YAML, a comma that ends a text, a colon
 * or quotes of another alphabet. Aliases are replaced by texts in the document, so that the rest can be checked.
 */
export function yamlMistakes(document: Document, source: string): YamlProblem[] {
  const problems: YamlProblem[] = [];
  const add = (offset: number, message: CodedText): void => void problems.push({ offset, message });
  // An anchor or a tag before a value is the beginning of a text without quotes.
  const checkSign = ({ anchor, tag, range }: Scalar | YAMLMap | YAMLSeq): void => {
    const sign = anchor === undefined ? '!' : '&';
    if (anchor === undefined && tag === undefined) return;
    add(source.lastIndexOf(sign, range?.[0]), text('yaml-sign', sign));
  };
  visit(document, {
    Alias(_key, { range, source: name }) {
      add(range?.[0] ?? 0, text('yaml-alias-text', name));
      return Object.assign(new Scalar(`*${name}`), { range: range ?? null });
    },
    Scalar(_key, node) {
      const { range, source: written, type } = node;
      checkSign(node);
      if (type === 'PLAIN' && /^[“”‘’＂＇][^“”‘’＂＇]*[“”‘’＂＇]$/u.test(written ?? ''))
        add(range?.[0] ?? 0, text('yaml-foreign-quotes'));
    },
    Seq: (_key, list) => checkSign(list),
    Map(_key, map) {
      checkSign(map);
      for (const [index, pair] of map.items.entries()) {
        const mistake = mistakeIn(map, index, pair, source);
        if (mistake !== null) problems.push(mistake);
      }
    },
  });
  return problems;
}

function mistakeIn(map: YAMLMap, index: number, { key, value }: Pair, source: string): YamlProblem | null {
  if (!isScalar(key) || !key.range) return null;
  const [start, end] = key.range;
  const is = (message: CodedText, offset = start): YamlProblem => ({ offset, message });
  if (isScalar(value) && value.value === null && value.source === '') {
    // YAML takes the rest of the line for a comment.
    const comment = /^\s*:[ \t]+#/.exec(source.slice(end, endOfLine(source, end)));
    return comment === null ? null : is(text('yaml-sign', '#'), end + comment[0].length - 1);
  }
  if (value !== null || map.flow !== true || key.type !== 'PLAIN') return null;
  const written = String(key.source);
  if (written.includes('：')) return is(text('yaml-wide-colon'));
  if (/^\w+:\S/.test(written)) return is(text('yaml-colon-blank'));
  if (map.items.length === 1) return is(text('yaml-brace-text', written), map.range?.[0]);
  if (index > 0) return is(text('yaml-comma-text'));
  return null;
}

function endOfLine(source: string, offset: number): number {
  const end = source.indexOf('\n', offset);
  return end < 0 ? source.length : end;
}
