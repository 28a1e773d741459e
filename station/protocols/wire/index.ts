/** The wire to a unit, shared by the protocol that burns it and the steps that test it: send, and look at what comes. */
export type { Heard } from './heard.ts';
export { decoded } from './decoded.ts';
export { createWire, type Wire } from './wire.ts';
export { withoutEcho } from './without-echo.ts';
export type { WireLines } from './set-lines.ts';
export { answerOn, type Answer, type AnswerSpec, encodeMessage, type Message } from './exchange.ts';
export { Readability } from './readability.ts';
export { heardOn, notAnswered, ONLY_ECHO, quoted, silent, unreadable } from './not-answered.ts';
