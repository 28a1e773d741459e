const EQUALS = 0x3d;
const HEX_LENGTH = 32;

/** `DEVICE_SECRET` over bytes, which are letters, digits, `+`, `/` and `=` and must not become a string. */
export function isDeviceSecret(bytes: Uint8Array): boolean {
  const { length } = bytes;
  if (length === HEX_LENGTH && bytes.every(isHex)) return true;
  let padding = 0;
  while (padding < 2 && bytes[length - 1 - padding] === EQUALS) padding += 1;
  if (length % 4 !== 0 || bytes.subarray(0, length - padding).includes(EQUALS)) return false;
  const groups = length / 4 - (padding === 0 ? 0 : 1);
  return groups >= 2 && groups <= 11;
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
