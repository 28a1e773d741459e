/** The page an operator works at for eight hours: scan, watch, green or red, next. */
export { default as OperatorPage } from './OperatorPage.vue';
export { default as NoticeStrip } from './NoticeStrip.vue';
