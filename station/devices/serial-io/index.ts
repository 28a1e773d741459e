/** Text, frame and byte I/O with a unit, shared by the protocol that burns it and the steps that test it. */
export type { ControlLines } from './control-lines.ts';
export { filterEcho } from './echo-filter.ts';
export {
  type Answer,
  type AnswerSpec,
  encodeMessage,
  expectAnswer,
  expectOneOf,
  type Message,
  requireText,
} from './exchange.ts';
export {
  noAnswerFault,
  ONLY_ECHO,
  quoteText,
  silentFault,
  unreadableBytes,
  unreadableFault,
  withheldFault,
} from './answer-faults.ts';
export { Readability } from './readability.ts';
export type { ReceivedData } from './receive-buffer.ts';
export { type AwaitedAnswer, type SerialGuard, SerialIo } from './serial-io.ts';
