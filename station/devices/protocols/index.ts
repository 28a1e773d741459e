/** Protocols over a device port, one folder each, behind one interface. */
export { type AmpeValue, callAmpe } from './ampe/index.ts';
export { readStoredFirmware } from './at-module/index.ts';
export type { DeviceSession, GattLink, UnitInfo, ValueListener } from './device-session.ts';
export { gattRequest } from './gatt-exchange.ts';
export { gattNotification } from './gatt-notification.ts';
export { hearConnection } from './hear-connection.ts';
export {
  type FlashedImage,
  type FlashImage,
  type FlashProgress,
  type FlashResult,
  runTransfer,
  throttleProgress,
  unitExchanged,
} from './flashing/index.ts';
export { flashUnit, type RememberedBaudRate } from './flash-unit.ts';
export type { ModuleWifi } from './module-wifi.ts';
export { UNKNOWN_DEVICE } from './nvs-device.ts';
export { openDevice, type OpenDevice } from './open-device.ts';
export { toUnitInfo } from './described/unit-info.ts';
export {
  authenticationCode,
  deviceIdOf,
  type LlsyncAdvertisement,
  LlsyncDevice,
  type LlsyncKeys,
  type LlsyncValue,
  readAdvertisement,
  updateFirmware,
} from './provisioning/llsync/index.ts';
export { BLE_PROVISIONING, type BleLink, type ProvisioningReport } from './provisioning/index.ts';
export { createRelayBoards, type RelayBoard, type RelayBoards } from './relay-boards.ts';
export {
  type Answer,
  type AnswerSpec,
  encodeMessage,
  expectAnswer,
  type Message,
  noAnswerFault,
  quoteText,
  requireText,
  type SerialIo,
} from '../serial-io/index.ts';
