import type { FaultCode } from '#shared/domain/fault.ts';
import type { FaultWords } from './fault-dictionary.ts';
import type { Values } from '../fill.ts';
import type { Language } from '../language.ts';

const WORDS: Readonly<Record<Language, FaultWords>> = {
  'zh-CN': {
    message: '产品的应答与工艺要求的不一样。',
    action: '请放到不良区。',
    more: '{command}：收到 {value}',
  },
  en: {
    message: 'The unit gave another answer than the recipe requires.',
    action: 'Put it with the bad units.',
    more: '{command}: received {value}',
  },
};

/** For a message that nothing was asked for. */
const MORE: Readonly<Record<Language, string>> = { 'zh-CN': '收到 {value}', en: 'received {value}' };

/**
 * The texts for a unit whose answer did not match the pattern of the recipe: it has the code of a value outside of its limits, and
 * nothing was measured. `null` for any other fault.
 */
export function otherAnswer(language: Language, code: FaultCode, values: Values): FaultWords | null {
  if (code !== 'limit-exceeded' || values['measurement'] !== undefined) return null;
  if (typeof values['command'] === 'string') return WORDS[language];
  return typeof values['limits'] === 'string' ? { ...WORDS[language], more: MORE[language] } : null;
}
