/** Long work beside a line that must not wait for it: in small turns, over connections of its own. */
export { createReaders, type Readers } from './read-pool.ts';
export { createTurns, type Turns } from './yielder.ts';
