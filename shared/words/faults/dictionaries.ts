import type { Language } from '../language.ts';
import type { FaultDictionary, TerminalWords } from './fault-dictionary.ts';
import { faultsEn } from './faults.en.ts';
import { faultsZhCN } from './faults.zh-cn.ts';
import { terminalEn } from './terminal.en.ts';
import { terminalZhCN } from './terminal.zh-cn.ts';

export const FAULT_DICTIONARIES: Readonly<Record<Language, FaultDictionary>> = {
  'zh-CN': faultsZhCN,
  en: faultsEn,
};
export const TERMINAL_WORDS: Readonly<Record<Language, TerminalWords>> = {
  'zh-CN': terminalZhCN,
  en: terminalEn,
};
