import { type Document, isScalar, type Pair, Scalar, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import type { YamlProblem } from './yaml-messages.ts';

/**
 * What YAML reads without a complaint and otherwise than a person wrote it: a text that begins with one of its signs,
 * a comma that ends a text, a colon or quotes of another alphabet. Signs that name other places are made texts in the
 * document, so that everything else of it can be checked.
 */
export function yamlMistakes(document: Document, source: string): YamlProblem[] {
  const found: YamlProblem[] = [];
  const say = (offset: number, message: string): void => void found.push({ offset, message });
  // An anchor, or a tag: the sign of what stands before a value and is no part of it.
  const sign = ({ anchor, tag, range }: Scalar | YAMLMap | YAMLSeq): void => {
    const begins = anchor === undefined ? '!' : '&';
    if (anchor === undefined && tag === undefined) return;
    say(source.lastIndexOf(begins, range?.[0]), `a text that begins with ${begins} stands in quotes`);
  };
  visit(document, {
    Alias(_key, { range, source: name }) {
      say(
        range?.[0] ?? 0,
        `a text that begins with * stands in quotes, as '*${name}'; a recipe has no aliases`,
      );
      return Object.assign(new Scalar(`*${name}`), { range: range ?? null });
    },
    Scalar(_key, node) {
      const { range, source: text, type } = node;
      sign(node);
      if (type === 'PLAIN' && /^[“”‘’＂＇][^“”‘’＂＇]*[“”‘’＂＇]$/u.test(text ?? ''))
        say(range?.[0] ?? 0, 'quotes are \' or ", not those of a text processor: these are part of the text');
    },
    Seq: (_key, list) => sign(list),
    Map(_key, map) {
      sign(map);
      for (const [index, pair] of map.items.entries()) {
        const slip = slipOf(map, index, pair, source);
        if (slip !== null) found.push(slip);
      }
    },
  });
  return found;
}

function slipOf(map: YAMLMap, index: number, { key, value }: Pair, source: string): YamlProblem | null {
  if (!isScalar(key) || !key.range) return null;
  const [begins, ends] = key.range;
  const is = (message: string, offset = begins): YamlProblem => ({ offset, message });
  if (isScalar(value) && value.value === null && value.source === '') {
    // The line goes on with what YAML takes for a remark.
    const remark = /^\s*:[ \t]+#/.exec(source.slice(ends, endOfLine(source, ends)));
    return remark === null
      ? null
      : is('a text that begins with # stands in quotes', ends + remark[0].length - 1);
  }
  if (value !== null || map.flow !== true || key.type !== 'PLAIN') return null;
  const text = String(key.source);
  if (text.includes('：')) return is('the colon is ":", not "：", with a blank behind it');
  if (/^\w+:\S/.test(text)) return is('a blank is missing behind the colon');
  if (map.items.length === 1)
    return is(`a text that begins with { stands in quotes, as '{${text}}'`, map.range?.[0]);
  if (index > 0)
    return is("a text with a comma in it stands in quotes here, as 'A,B'; a number has a point, as 3.1");
  return null;
}

function endOfLine(source: string, offset: number): number {
  const end = source.indexOf('\n', offset);
  return end < 0 ? source.length : end;
}
