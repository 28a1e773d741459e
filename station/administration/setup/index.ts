/** The first start of a station: what is missing until the first PASS, and the first engineer. */
export { setupHandlers } from './handlers.ts';
export { keepRealData, SAMPLE_LINE_ENDED } from './sample-line.ts';
