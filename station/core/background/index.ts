/** Long work beside the runs: over connections of its own. */
export { createReadPool, type ReadPool } from './read-pool.ts';
