import { xmlText } from '#shared/codec/xml-text.ts';

/** A number as `xs:double` writes it: the shortest text that reads as the same number, `INF`, `-INF` or `NaN`. */
export function xmlDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  return Object.is(value, -0) ? '-0' : String(value);
}

type Attributes = Readonly<Record<string, string | null>>;

/** An element; attributes with `null` are left out. The content is XML and not text. */
export function element(
  name: string,
  attributes: Attributes,
  ...content: readonly (string | null)[]
): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => (value === null ? '' : ` ${key}="${xmlText(value)}"`))
    .join('');
  const inner = content.join('');
  return inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`;
}
