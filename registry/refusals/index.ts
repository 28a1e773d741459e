/** Records what the broker refuses: logged, counted and stored, with limits against floods. */
export { createRefusalLog, type Refusal, type RefusalLog } from './refusal-log.ts';
