/**
 * The name of a port in the form that distinguishes it: `COM10` for `com10`, `COM10:` and `\\.\COM10`, which are one port
 * of Windows. Every other path is as it is.
 */
export function normalizePortPath(path: string): string {
  const com = /^(?:\\\\[.?]\\)?com(?<number>\d{1,3}):?$/i.exec(path.trim())?.groups?.['number'];
  return com === undefined ? path : `COM${Number(com)}`;
}

export function isSamePort(one: string, other: string): boolean {
  return normalizePortPath(one) === normalizePortPath(other);
}
