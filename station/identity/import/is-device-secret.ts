const EQUALS = 0x3d;
const HEX_LENGTH = 32;

/** `DEVICE_SECRET` for bytes, because a secret must not become a string. */
export function isDeviceSecret(bytes: Uint8Array): boolean {
  const { length } = bytes;
  if (length === HEX_LENGTH && bytes.every(isHex)) return true;
  let padding = 0;
  while (padding < 2 && bytes[length - 1 - padding] === EQUALS) padding += 1;
  if (length % 4 !== 0 || !bytes.subarray(0, length - padding).every(isBase64)) return false;
  const groups = length / 4 - (padding === 0 ? 0 : 1);
  return groups >= 2 && groups <= 11;
}

function isBase64(byte: number): boolean {
  return isLetter(byte) || (byte >= 0x2f && byte <= 0x39) || byte === 0x2b;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

/** Only letters. A word such as `DeviceSecret` is valid base64. */
export function isWord(bytes: Uint8Array): boolean {
  return bytes.every(isLetter);
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
