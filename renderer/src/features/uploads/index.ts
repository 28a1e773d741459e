/** Where a person drops or chooses files that the station is to get. */
export { default as FileDrop } from './FileDrop.vue';
