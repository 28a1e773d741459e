import type { Words } from '#services/i18n/index.ts';
import { operatorEn } from '../features/operator/words.en.ts';
import { operatorZhCN } from '../features/operator/words.zh-cn.ts';

/** The words of the operator's page, which are in the first load. */
export const OPERATOR_WORDS: Words = { 'zh-CN': operatorZhCN, en: operatorEn };

type Own = typeof operatorZhCN;
declare module '#services/i18n/messages.ts' {
  interface Messages extends Own {}
}
