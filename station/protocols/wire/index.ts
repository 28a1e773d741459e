/** The wire to a unit, shared by the protocol that burns it and the steps that test it: send, and look at what comes. */
export { createWire, type Wire, type WireLines } from './wire.ts';
export { answerOn, type Answer, type AnswerSpec, encodeMessage, type Message } from './exchange.ts';
