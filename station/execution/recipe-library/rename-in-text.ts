import { isPair, isScalar, visit } from 'yaml';
import { readYaml } from '../../core/yaml/index.ts';

const KEYS_OF_FILES: readonly unknown[] = ['file', 'model', 'image', 'base64Of'];

/** The text of a recipe with another name of a file; comments and everything else stay as they are. */
export function renameInText(source: string, name: string, to: string): string {
  const { document } = readYaml(source);
  if (document === null) return source;
  const places: (readonly [number, number])[] = [];
  visit(document, {
    Scalar(position, { value, range }, ancestors) {
      const pair = ancestors.at(-1);
      if (position !== 'value' || value !== name || !range || !isPair(pair) || !isScalar(pair.key)) return;
      if (KEYS_OF_FILES.includes(pair.key.value)) places.push([range[0], range[1]]);
    },
  });
  return places
    .sort(([a], [b]) => b - a)
    .reduce((text, [from, end]) => {
      const written = text.slice(from, end);
      const quote = /^['"]/.exec(written)?.[0] ?? '';
      return `${text.slice(0, from)}${quote}${to}${quote}${text.slice(end)}`;
    }, source);
}
