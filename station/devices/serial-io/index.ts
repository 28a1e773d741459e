/** The wire to a unit, shared by the protocol that burns it and the steps that test it: send, and look at what comes. */
export type { Heard } from './receive-buffer.ts';
export { requireText } from './decoded-text.ts';
export { createSerialIo, type SerialIo } from './serial-io.ts';
export { withoutEcho } from './echo-filter.ts';
export type { ControlLines } from './set-control-lines.ts';
export { expectAnswer, type Answer, type AnswerSpec, encodeMessage, type Message } from './exchange.ts';
export { Readability } from './readability.ts';
export { heardOn, noAnswerFault, ONLY_ECHO, quoteText, silent, unreadable } from './answer-faults.ts';
