/** Languages of messages. */
export type PluralLanguage = 'zh-CN' | 'en';

/** Plural categories in the order in which a text lists its forms; Chinese has one form for all numbers. */
const CATEGORIES = { 'zh-CN': ['other'], en: ['one', 'other'] } as const satisfies Record<
  PluralLanguage,
  readonly Intl.LDMLPluralRule[]
>;
const RULES = { 'zh-CN': new Intl.PluralRules('zh-CN'), en: new Intl.PluralRules('en') } as const;

/** The plural form for a number: `pluralForm('en', 1, ['unit', 'units'])` is `unit`. */
export function pluralForm(language: PluralLanguage, count: number, forms: readonly string[]): string {
  const categories: readonly string[] = CATEGORIES[language];
  const at = categories.indexOf(RULES[language].select(count));
  return forms[at] ?? forms.at(-1) ?? '';
}

/** A number and its English noun, for terminals and messages: `1 unit`, `2 units`, `3 batches`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${pluralForm('en', count, [one, many])}`;
}
