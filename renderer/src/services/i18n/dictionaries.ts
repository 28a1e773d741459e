import type { FaultDictionary, TerminalWords } from './fault-dictionary.ts';
import { faultsEn } from './faults.en.ts';
import { faultsZhCN } from './faults.zh-cn.ts';
import { terminalEn } from './terminal.en.ts';
import { terminalZhCN } from './terminal.zh-cn.ts';
import type { Words } from './messages.ts';
import { baseEn } from './words.en.ts';
import { baseZhCN } from './words.zh-cn.ts';

import type { Language } from './language.ts';

/** The texts of every page; see `createTranslator` for those of the features. */
export const BASE_WORDS = { 'zh-CN': baseZhCN, en: baseEn } satisfies Words;
export const FAULT_DICTIONARIES: Readonly<Record<Language, FaultDictionary>> = {
  'zh-CN': faultsZhCN,
  en: faultsEn,
};
export const TERMINAL_WORDS: Readonly<Record<Language, TerminalWords>> = {
  'zh-CN': terminalZhCN,
  en: terminalEn,
};
