import type { Dictionary, FaultDictionary, TerminalWords } from './dictionary.ts';
import { en } from './en.ts';
import { faultsEn } from './faults.en.ts';
import { faultsZhCN } from './faults.zh-cn.ts';
import { terminalEn } from './terminal.en.ts';
import { terminalZhCN } from './terminal.zh-cn.ts';
import { zhCN } from './zh-cn.ts';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const DICTIONARIES: Readonly<Record<Language, Dictionary>> = { 'zh-CN': zhCN, en };
export const FAULT_DICTIONARIES: Readonly<Record<Language, FaultDictionary>> = {
  'zh-CN': faultsZhCN,
  en: faultsEn,
};
export const TERMINAL_WORDS: Readonly<Record<Language, TerminalWords>> = {
  'zh-CN': terminalZhCN,
  en: terminalEn,
};

/** The first of the system's languages that we speak; Chinese in any script or region is zh-CN, else English. */
export function preferredLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'zh') return 'zh-CN';
    if (primary === 'en') return 'en';
  }
  return 'en';
}

/** Another language, for a switch with one button. */
export function nextLanguage(language: Language): Language {
  return LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length] ?? language;
}
