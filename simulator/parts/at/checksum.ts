/** XOR of all bytes of a secret as it was sent (document: "BCC"); the module prints it in decimal. 0 for nothing. */
export function blockCheck(secret: string): number {
  let check = 0;
  for (const byte of Buffer.from(secret, 'latin1')) check ^= byte;
  return check;
}
