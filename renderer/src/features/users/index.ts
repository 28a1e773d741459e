/** Parts of the page of the users that other features show: a new PIN, typed twice. */
export { default as NewPinFields } from './NewPinFields.vue';
export { pinProblem } from './pin-rules.ts';
