/** The operator's page: scans, slots, questions and results. */
export { commandsOf, keysOf } from './command-card.ts';
export { default as OperatorPage } from './OperatorPage.vue';
export { default as NoticeStrip } from './NoticeStrip.vue';
