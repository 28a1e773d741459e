/** XOR of all bytes of a secret (document: "BCC"). The module prints it in decimal. 0 for an empty secret. */
export function blockCheck(secret: string): number {
  let check = 0;
  for (const byte of Buffer.from(secret, 'latin1')) check ^= byte;
  return check;
}
