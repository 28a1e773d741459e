/** Records what the broker refuses: logged, counted and stored, with limits against floods. */
export { RefusalLog, type Refusal } from './refusal-log.ts';
