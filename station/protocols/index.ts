/** Burn and provisioning protocols over a ByteLink, one folder each, behind one interface. */
export { type AmpeValue, callAmpe } from './ampe/index.ts';
export { type Board, createBoards, type Boards } from './board/index.ts';
export type { DeviceSession, ReadBackStrength, SessionOptions, UnitInfo } from './device-session.ts';
export { openDevice, type OpenDevice } from './open-device.ts';
export { answerOn, type AnswerSpec, encodeMessage, type Message, type Wire } from './wire/index.ts';
