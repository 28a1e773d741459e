import type { FaultWords } from './fault-dictionary.ts';
import type { Values } from '../fill.ts';
import type { Language } from '../language.ts';

const WORDS = {
  'zh-CN': { message: '操作员判为不合格。', action: '请放到不良区。' },
  en: { message: 'The operator answered: not good.', action: 'Put it with the bad units.' },
} as const satisfies Readonly<Record<Language, FaultWords>>;

/** The texts for a unit that a person found bad: the question, and the answer where there was a choice. `null` for any other fault. */
export function answeredFault(
  language: Language,
  { question, questionZh, answer, answerZh }: Values,
): FaultWords | null {
  const [asked, answered] = language === 'zh-CN' ? [questionZh, answerZh] : [question, answer];
  if (typeof asked !== 'string') return null;
  return { ...WORDS[language], more: typeof answered === 'string' ? '{question} {answer}' : '{question}' };
}

/** The values that these texts name, in the language of the page. */
export function answeredValues(language: Language, values: Values): Values {
  const { question = null, questionZh = null, answer = null, answerZh = null } = values;
  return language === 'zh-CN'
    ? { ...values, question: questionZh, answer: answerZh }
    : { ...values, question, answer };
}
