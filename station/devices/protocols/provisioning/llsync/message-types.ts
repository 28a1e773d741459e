/**
 * First bytes of LLSync messages. Sources: LLSync protocol 1.4.1, LLSync SDK 1.4.1 and 1.6.3 (`ble_qiot_service`); where document
 * and SDK differ, the SDK.
 */

/** Written to FFE1. */
export const DEVICE_INFO = {
  syncTime: 0x00,
  connect: 0x01,
  bound: 0x02,
  bindFailed: 0x03,
  unbind: 0x04,
  connected: 0x05,
  connectFailed: 0x06,
  unbound: 0x07,
  unbindFailed: 0x08,
  mtuResult: 0x09,
  bindTimeout: 0x0a,
  appReady: 0x0c,
  getInfo: 0xe0,
  wifiMode: 0xe1,
  wifiInfo: 0xe2,
  wifiConnect: 0xe3,
  wifiToken: 0xe4,
  getLog: 0xe5,
} as const;

/** Written to FFE2. Bits 7-6: 0 property, 1 event, 2 action; bit 5: a reply; bits 4-0: an id. */
export const DATA = {
  control: 0x00,
  reportReply: 0x20,
  statusReply: 0x22,
  eventReply: 0x60,
  action: 0x80,
} as const;

/** Notified by FFE3. */
export const EVENT = {
  report: 0x00,
  controlReply: 0x01,
  getStatus: 0x02,
  post: 0x03,
  actionReply: 0x04,
  bindCode: 0x05,
  connectCode: 0x06,
  unbindCode: 0x07,
  deviceInfo: 0x08,
  otaReply: 0x09,
  otaData: 0x0a,
  otaCheck: 0x0b,
  mtu: 0x0c,
  bindWait: 0x0d,
  wifiMode: 0xe0,
  wifiInfo: 0xe1,
  wifiConnect: 0xe2,
  wifiToken: 0xe3,
  log: 0xe4,
} as const;

/** Written to FFE4. */
export const OTA = { request: 0x00, data: 0x01, end: 0x02 } as const;

/** Results of requests about data (`BLE_QIOT_REPLY_*`). */
export function describeResult(code: number): string {
  switch (code) {
    case 0:
      return 'done';
    case 1:
      return 'failed';
    case 2:
      return 'not understood';
    default:
      return 'unknown result';
  }
}
