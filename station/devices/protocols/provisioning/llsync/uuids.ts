/** The base that carries a 16-bit number of LLSync (LLSync protocol 1.4.1, GATT). */
const BASE_TAIL = '65D0-4E20-B56A-E493541BA4E2';

/** A UUID of LLSync after the connection, in the form of `normalizeUuid`: services and characteristics have 128 bits there. */
export function llsyncUuid(short: string): string {
  return `0000${short}-${BASE_TAIL}`;
}

/** Numbers of the services: in an advertisement as they are, after the connection as `llsyncUuid`. */
export const LLSYNC_SERVICES = {
  /** Binding and the data of the thing model. */
  data: 'FFE0',
  /** Provisioning with Wi-Fi. */
  provisioning: 'FFF0',
  /** Both at once (`BLE_QIOT_LLSYNC_DUAL_COM` of SDK 1.6.3). */
  both: 'FFE8',
} as const;

export const CHARACTERISTICS = {
  /** Written: requests about the device itself. */
  deviceInfo: llsyncUuid('FFE1'),
  /** Written: data of the thing model. */
  data: llsyncUuid('FFE2'),
  /** Notified: everything that the device says. */
  event: llsyncUuid('FFE3'),
  /** Written without response: new firmware. */
  ota: llsyncUuid('FFE4'),
} as const;
