import type { Words } from './messages.ts';
import { baseEn } from './words.en.ts';
import { baseZhCN } from './words.zh-cn.ts';

/** The texts of every page; see `createTranslator` for those of the features. */
export const BASE_WORDS = { 'zh-CN': baseZhCN, en: baseEn } satisfies Words;
