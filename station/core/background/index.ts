/** Long work beside a line that must not wait for it: in small turns, over connections of its own. */
export { createReadPool, type ReadPool } from './read-pool.ts';
export { createYielder, type Yielder } from './yielder.ts';
