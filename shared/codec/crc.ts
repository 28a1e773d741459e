/**
 * Checksums of serial frames by their usual names. Parameters from the CRC catalogue of the RevEng project
 * (CRC-16/XMODEM, CRC-16/MODBUS, CRC-16/IBM-3740 that people call CCITT-FALSE, CRC-16/KERMIT, CRC-8/SMBUS,
 * CRC-32/ISO-HDLC); `sum8` adds bytes, `lrc8` is the number that makes their sum zero (Modbus ASCII), `xor8` combines them
 * by exclusive or.
 */
export const CRC_NAMES = [
  'crc16-xmodem',
  'crc16-modbus',
  'crc16-ccitt-false',
  'crc16-kermit',
  'crc32',
  'crc8',
  'sum8',
  'lrc8',
  'xor8',
] as const;
export type CrcName = (typeof CRC_NAMES)[number];

/** Size of a checksum in bytes. */
export function crcBytes(name: CrcName): 1 | 2 | 4 {
  if (name === 'crc32') return 4;
  return name.startsWith('crc16') ? 2 : 1;
}

/** The checksum of `bytes` as a number of `crcBytes` bytes. */
export function crc(name: CrcName, bytes: Uint8Array): number {
  switch (name) {
    case 'crc16-xmodem':
      return crc16(bytes, 0x1021, 0);
    case 'crc16-ccitt-false':
      return crc16(bytes, 0x1021, 0xffff);
    case 'crc16-modbus':
      return crc16Reflected(bytes, 0xa001, 0xffff);
    case 'crc16-kermit':
      return crc16Reflected(bytes, 0x8408, 0);
    case 'crc32':
      return crc32(bytes);
    case 'crc8':
      return crc8(bytes, 0x07);
    case 'sum8':
      return bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);
    case 'lrc8':
      return -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
    case 'xor8':
      return bytes.reduce((sum, byte) => sum ^ byte, 0);
  }
}

function crc16(bytes: Uint8Array, polynomial: number, start: number): number {
  let value = start;
  for (const byte of bytes) {
    value ^= byte << 8;
    for (let bit = 0; bit < 8; bit++)
      value = ((value & 0x8000) === 0 ? value << 1 : (value << 1) ^ polynomial) & 0xffff;
  }
  return value;
}

function crc16Reflected(bytes: Uint8Array, polynomial: number, start: number): number {
  let value = start;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ polynomial;
  }
  return value;
}

function crc32(bytes: Uint8Array): number {
  let value = 0xffff_ffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb8_8320;
  }
  return ~value >>> 0;
}

function crc8(bytes: Uint8Array, polynomial: number): number {
  let value = 0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++)
      value = ((value & 0x80) === 0 ? value << 1 : (value << 1) ^ polynomial) & 0xff;
  }
  return value;
}
