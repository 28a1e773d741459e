/** For whoever settles what the line could not: units that came back, and messages that did not arrive. */
export { ReturnsPage } from './returns/index.ts';
export { default as SyncPage } from './sync/SyncPage.vue';
