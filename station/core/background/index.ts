/** Long work beside the runs: over connections of its own. */
export { createReaders, type Readers } from './read-pool.ts';
