import { AMPE_REMEDIES } from '#shared/domain/ampe-refusal.ts';
import type { FaultWords } from './fault-dictionary.ts';
import { fill, type Values } from './fill.ts';
import { TERMINAL_WORDS } from './dictionaries.ts';
import type { Language } from './language.ts';

/** The words for a terminal's refusal that its document explains; `null` for any other fault. */
export function terminalFault(language: Language, { remedy, reason, reasonZh }: Values): FaultWords | null {
  const known = AMPE_REMEDIES.find((one) => one === remedy);
  const said = language === 'zh-CN' ? reasonZh : reason;
  if (known === undefined || typeof said !== 'string') return null;
  const { what, todo } = TERMINAL_WORDS[language];
  return { what: fill(what, { reason: said }), todo: todo[known] };
}
