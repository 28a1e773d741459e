import type { Language } from './language.ts';

/** A message, or a part of one, with its code, in English and Chinese. */
export interface CodedText {
  readonly code: string;
  readonly en: string;
  readonly 'zh-CN': string;
}

/** A value of a text. A text of its own is inserted in the same language. */
export type TextValue = string | number | CodedText;

type Written = string | number;
export interface Wording<A extends readonly Written[]> {
  readonly en: (...values: A) => string;
  readonly 'zh-CN': (...values: A) => string;
}
// The values of a table's entries differ; each entry keeps its own.
type Wordings = Readonly<Record<string, Wording<never>>>;
type ValuesOf<W> =
  W extends Wording<infer A>
    ? { readonly [I in keyof A]: string extends A[I] ? A[I] | CodedText : A[I] }
    : never;

/** One entry of a table: a text in both languages, with or without values. */
export function both(en: string, zh: string): Wording<[]>;
export function both<A extends readonly Written[]>(
  en: (...values: A) => string,
  zh: (...values: A) => string,
): Wording<A>;
export function both(
  en: string | ((...values: Written[]) => string),
  zh: string | ((...values: Written[]) => string),
): Wording<Written[]> {
  return {
    en: typeof en === 'string' ? () => en : en,
    'zh-CN': typeof zh === 'string' ? () => zh : zh,
  };
}

/** Makes texts by their codes: `text('too-long', 12)`. */
export function codedTexts<const T extends Wordings>(
  table: T,
): <C extends keyof T & string>(code: C, ...values: ValuesOf<T[C]>) => CodedText {
  return (code, ...values) => {
    const wording = table[code] as unknown as Wording<Written[]>;
    const inLanguage = (language: 'en' | 'zh-CN'): string =>
      wording[language](
        ...(values as readonly TextValue[]).map((value) =>
          typeof value === 'object' ? value[language] : value,
        ),
      );
    return { code, en: inLanguage('en'), 'zh-CN': inLanguage('zh-CN') };
  };
}

/** Makes texts by their codes in one language, for a file that has one. */
export function textsIn<const T extends Wordings>(
  table: T,
  language: Language,
): <C extends keyof T & string>(code: C, ...values: ValuesOf<T[C]>) => string {
  const text = codedTexts(table);
  return (code, ...values) => text(code, ...values)[language];
}

/** A text that is the same in both languages: a name, a number, a message of another program. */
export function sameText(code: string, text: string): CodedText {
  return { code, en: text, 'zh-CN': text };
}

export const NO_TEXT: CodedText = sameText('none', '');

export function isCodedText(value: unknown): value is CodedText {
  return typeof value === 'object' && value !== null && 'code' in value && 'zh-CN' in value && 'en' in value;
}

/** A text as details of a fault: a page shows the one in its language as `{name}`. */
export function textDetails(name: string, { en, 'zh-CN': zh }: CodedText): Record<string, string> {
  return { [`${name}.en`]: en, [`${name}.zh-CN`]: zh };
}
