/**
 * Types and flags of BluFi frames. A type byte has the kind in its low two bits (0 control, 1 data) and the subtype above. Source:
 * ESP-IDF, "BluFi" (docs/en/api-guides/ble/blufi.rst).
 */
export const CONTROL = {
  ack: controlType(0x00),
  securityMode: controlType(0x01),
  opMode: controlType(0x02),
  connect: controlType(0x03),
  getStatus: controlType(0x05),
  getVersion: controlType(0x07),
  closeConnection: controlType(0x08),
  getWifiList: controlType(0x09),
} as const;

export const DATA = {
  negotiation: dataType(0x00),
  ssid: dataType(0x02),
  password: dataType(0x03),
  statusReport: dataType(0x0f),
  version: dataType(0x10),
  wifiList: dataType(0x11),
  errorReport: dataType(0x12),
  custom: dataType(0x13),
} as const;

/** Values inside of a status report have the subtypes of the data frames. */
export const STATUS_VALUE = { ssid: 0x02, endReason: 0x15, endRssi: 0x16 } as const;

/** Bits of the byte after the type. */
export const FLAG = { encrypted: 0x01, checksum: 0x02, fromUnit: 0x04, ackWanted: 0x08, more: 0x10 } as const;

export function controlType(subtype: number): number {
  return subtype << 2;
}

export function dataType(subtype: number): number {
  return (subtype << 2) | 1;
}

/** For messages: `control 05`, `data 13`. */
export function describeType(type: number): string {
  const subtype = (type >> 2).toString(16).padStart(2, '0');
  return `${(type & 3) === 0 ? 'control' : 'data'} ${subtype}`;
}
