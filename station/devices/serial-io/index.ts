/** The wire to a unit, shared by the protocol that burns it and the steps that test it: send, and look at what comes. */
export type { Heard } from './received-text.ts';
export { decoded } from './decoded-text.ts';
export { createWire, type Wire } from './serial-io.ts';
export { withoutEcho } from './echo-filter.ts';
export type { WireLines } from './set-control-lines.ts';
export { answerOn, type Answer, type AnswerSpec, encodeMessage, type Message } from './exchange.ts';
export { Readability } from './readability.ts';
export { heardOn, notAnswered, ONLY_ECHO, quoted, silent, unreadable } from './no-reply.ts';
