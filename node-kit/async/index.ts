/** Order, limits and interruption of asynchronous work. */
export { Deadline } from './deadline.ts';
export { delay, type Timer } from './delay.ts';
export { raceAbort } from './race-abort.ts';
export { Semaphore } from './semaphore.ts';
export { KeyedSequencer, Sequencer } from './sequencer.ts';
export { untilAborted } from './until-aborted.ts';
export { type DeadlineOptions, withDeadline } from './with-deadline.ts';
export { createYielder, type Yielder } from './yielder.ts';
