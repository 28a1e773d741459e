/** The audit trail as pages show it: filtered, by page, and as a file. */
export { trailHandlers } from './handlers.ts';
