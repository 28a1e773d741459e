/** Time and chance for simulated things: waits that can be cut short, and luck that can be repeated. */
export { delay } from './delay.ts';
export { createRandom } from './random.ts';
export type { Random } from './random.ts';
