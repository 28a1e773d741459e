/** Burn and provisioning protocols over a ByteLink, one folder each, behind one interface. */
export { type AmpeValue, callAmpe } from './ampe/index.ts';
export { type Board, createBoards, type Boards } from './relay-board/index.ts';
export type { DeviceSession, ReadBackStrength, SessionOptions, UnitInfo } from './device-session.ts';
export { openDevice, type OpenDevice } from './open-device.ts';
export {
  type Answer,
  answerOn,
  type AnswerSpec,
  decoded,
  encodeMessage,
  type Message,
  notAnswered,
  quoted,
  type Wire,
} from '../serial-io/index.ts';
