import { AMPE_REMEDIES } from '#shared/domain/ampe-refusal.ts';
import type { FaultWords } from './fault-dictionary.ts';
import { fill, type Values } from '../fill.ts';
import { TERMINAL_WORDS } from './dictionaries.ts';
import type { Language } from '../language.ts';

/** The texts for a refusal that the terminal's document explains; `null` for any other fault. */
export function terminalFault(language: Language, { remedy, reason, reasonZh }: Values): FaultWords | null {
  const remedyKey = AMPE_REMEDIES.find((one) => one === remedy);
  const reasonText = language === 'zh-CN' ? reasonZh : reason;
  if (remedyKey === undefined || typeof reasonText !== 'string') return null;
  const { message, action } = TERMINAL_WORDS[language];
  return { message: fill(message, { reason: reasonText }), action: action[remedyKey] };
}
