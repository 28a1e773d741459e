/** Time and randomness of simulated devices: abortable delays and reproducible random numbers. */
export { delay } from './delay.ts';
export { createRandom } from './random.ts';
export type { Random } from './random.ts';
