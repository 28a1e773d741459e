import type { Words } from '#services/i18n/index.ts';
import { manualEn } from '../features/manual/words.en.ts';
import { manualZhCN } from '../features/manual/words.zh-cn.ts';
import { operatorEn } from '../features/operator/words.en.ts';
import { operatorZhCN } from '../features/operator/words.zh-cn.ts';

const zhCN = { ...operatorZhCN, ...manualZhCN };
const en = { ...operatorEn, ...manualEn };

/** The words of the operator's page and of the manual, which need no sign-in and are in the first load. */
export const OPERATOR_WORDS: Words = { 'zh-CN': zhCN, en };

type Own = typeof zhCN;
declare module '#services/i18n/messages.ts' {
  interface Messages extends Own {}
}
