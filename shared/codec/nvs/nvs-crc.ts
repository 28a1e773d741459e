const POLYNOMIAL = 0xedb8_8320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ POLYNOMIAL;
  return value;
});

/**
 * The CRC of NVS: CRC-32 with the reflected polynomial EDB88320, which begins with 0 (and not with FFFFFFFF, as CRC-32/ISO-HDLC
 * does) and is inverted at the end: `esp_rom_crc32_le(0xffffffff, …)`.
 */
export function nvsCrc(...parts: readonly Uint8Array[]): number {
  let value = 0;
  for (const part of parts)
    for (const byte of part) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0);
  return ~value >>> 0;
}

/** The CRC of a page's header: all after the state and before the CRC. */
export function headerCrc(page: Uint8Array): number {
  return nvsCrc(page.subarray(4, 28));
}

/** The CRC of an entry: all bytes except the CRC itself. */
export function entryCrc(entry: Uint8Array): number {
  return nvsCrc(entry.subarray(0, 4), entry.subarray(8, 32));
}
