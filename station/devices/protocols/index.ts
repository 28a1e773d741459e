/** Burn and provisioning protocols over a DevicePort, one folder each, behind one interface. */
export { type AmpeValue, callAmpe } from './ampe/index.ts';
export { type RelayBoard, createRelayBoards, type RelayBoards } from './relay-board/index.ts';
export type { DeviceSession, ReadBackStrength, SessionOptions, UnitInfo } from './device-session.ts';
export { openDevice, type OpenDevice } from './open-device.ts';
export {
  type Answer,
  expectAnswer,
  type AnswerSpec,
  requireText,
  encodeMessage,
  type Message,
  noAnswerFault,
  quoteText,
  type SerialIo,
} from '../serial-io/index.ts';
