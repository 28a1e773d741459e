/** The Bluetooth base UUID: a 16-bit number stands for it with the number in front (Core Specification Vol 3 Part B 2.5.1). */
const BASE = /^0000([0-9A-F]{4})00001000800000805F9B34FB$/;

/**
 * A service's or characteristic's UUID in one writing: `FFF0` for those on the Bluetooth base, else
 * `6E400001-B5A3-F393-E0A9-E50E24DCCA9E`. `null` for another text.
 */
export function normalizeUuid(text: string): string | null {
  const hex = text.trim().replace(/^0x/i, '').replaceAll('-', '').toUpperCase();
  if (!/^[0-9A-F]+$/.test(hex)) return null;
  if (hex.length <= 4) return hex.padStart(4, '0');
  if (hex.length !== 32) return null;
  const short = BASE.exec(hex)?.[1];
  if (short !== undefined) return short;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
