/** Batches: what was made, what failed and why, as figures and as files; and the next one from a recipe. */
export { default as BatchesPlace } from './BatchesPlace.vue';
