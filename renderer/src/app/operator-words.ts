import type { Translation, Words } from '#services/i18n/index.ts';
import { operatorEn } from '../features/operator/words.en.ts';
import { operatorZhCN } from '../features/operator/words.zh-cn.ts';
import { uiEn } from '../ui/words.en.ts';
import { uiZhCN } from '../ui/words.zh-cn.ts';

const zhCN = { ...operatorZhCN, ...uiZhCN };
const en: Translation<typeof zhCN> = { ...operatorEn, ...uiEn };

/** The words of the first load: those of the operator's page and of the components that it uses. */
export const OPERATOR_WORDS: Words = { 'zh-CN': zhCN, en };

type Own = typeof zhCN;
declare module '#services/i18n/messages.ts' {
  interface Messages extends Own {}
}
