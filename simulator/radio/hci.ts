/**
 * Numbers of the Host Controller Interface that a virtual controller speaks. Source: Bluetooth Core Specification 5.4,
 * Vol 4 Part E (commands 7.x, events 7.7) and Part A (H4).
 */
export const PACKET = { command: 0x01, acl: 0x02, event: 0x04 } as const;

export const EVENT = {
  disconnected: 0x05,
  encryptionChanged: 0x08,
  commandComplete: 0x0e,
  commandStatus: 0x0f,
  completedPackets: 0x13,
  le: 0x3e,
} as const;

/** Sub-events of `EVENT.le`. */
export const LE_EVENT = {
  connected: 0x01,
  advertisingReport: 0x02,
  connectionUpdated: 0x03,
  enhancedConnected: 0x0a,
  extendedAdvertisingReport: 0x0d,
} as const;

export const STATUS = {
  ok: 0x00,
  unknownCommand: 0x01,
  unknownConnection: 0x02,
  supervisionTimeout: 0x08,
  disallowed: 0x0c,
  endedByPeer: 0x13,
  endedByHost: 0x16,
} as const;

export const COMMAND = {
  disconnect: 0x0406,
  setEventMask: 0x0c01,
  reset: 0x0c03,
  setEventFilter: 0x0c05,
  readLeHostSupport: 0x0c6c,
  writeLeHostSupport: 0x0c6d,
  readLocalVersion: 0x1001,
  readLocalCommands: 0x1002,
  readLocalFeatures: 0x1003,
  readBufferSize: 0x1005,
  readAddress: 0x1009,
  readRssi: 0x1405,
  leSetEventMask: 0x2001,
  leReadBufferSize: 0x2002,
  leReadFeatures: 0x2003,
  leSetAdvertisingParameters: 0x2006,
  leSetAdvertisingData: 0x2008,
  leSetScanResponseData: 0x2009,
  leSetAdvertisingEnable: 0x200a,
  leSetScanParameters: 0x200b,
  leSetScanEnable: 0x200c,
  leCreateConnection: 0x200d,
  leCancelConnection: 0x200e,
  leUpdateConnection: 0x2013,
  leStartEncryption: 0x2019,
  leSetDefaultPhy: 0x2031,
  leSetExtendedScanParameters: 0x2041,
  leSetExtendedScanEnable: 0x2042,
  leCreateExtendedConnection: 0x2043,
} as const;

/** LE feature bit 12: extended advertising, which carries more than 31 bytes. */
const EXTENDED_ADVERTISING = 1 << 12;

export function leFeatures(extended: boolean): Buffer {
  const features = Buffer.alloc(8);
  if (extended) features.writeUInt16LE(EXTENDED_ADVERTISING, 0);
  return features;
}

/** `AA:BB:CC:DD:01:02` in the order of the radio: six bytes, the last first. Throws for anything else. */
export function addressBytes(address: string): Buffer {
  const bytes = Buffer.from(address.replaceAll(':', ''), 'hex').reverse();
  if (bytes.length !== 6) throw new RangeError(`${address} is not a Bluetooth address`);
  return bytes;
}

export function u16(value: number): readonly [number, number] {
  return [value & 0xff, (value >> 8) & 0xff];
}

/** A signed byte, as RSSI in dBm is sent. */
export function i8(value: number): number {
  return Math.max(-127, Math.min(20, Math.round(value))) & 0xff;
}
