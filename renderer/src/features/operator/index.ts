/** The operator's page: scans, slots, questions and results. */
export { default as OperatorPage } from './OperatorPage.vue';
export { default as NoticeStrip } from './NoticeStrip.vue';
