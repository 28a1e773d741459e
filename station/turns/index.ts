/** Long work beside a line that must not wait for it. */
export { createTurns, type Turns } from './turns.ts';
