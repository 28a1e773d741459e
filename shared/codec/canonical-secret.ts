const EQUALS = 0x3d;
const HEX_LENGTH = 32;
const BASE64 = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', (letter) =>
  letter.charCodeAt(0),
);

/**
 * The canonical form of a DeviceSecret (ASCII), because the same key can be written in several ways: 32 hex digits in lower
 * case; base64 with zero pad bits (RFC 4648 3.5), which decoders ignore. Returns a copy, which the caller wipes.
 */
export function canonicalSecret(secret: Uint8Array): Uint8Array {
  const copy = secret.slice();
  if (secret.length === HEX_LENGTH && secret.every(isHexDigit)) {
    for (const [at, byte] of copy.entries()) if (byte >= 0x41 && byte <= 0x46) copy[at] = byte + 0x20;
    return copy;
  }
  const padding = copy.at(-1) !== EQUALS ? 0 : copy.at(-2) !== EQUALS ? 1 : 2;
  const last = copy.length - 1 - padding;
  const value = BASE64.indexOf(copy[last] ?? 0);
  if (padding > 0 && value >= 0) copy[last] = BASE64[value & (padding === 1 ? 0x3c : 0x30)] ?? 0;
  return copy;
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
