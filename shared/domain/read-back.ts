/**
 * How much of a DeviceSecret a read-back proves, the strongest first: all of it, its SHA-256, its MD5, its CRC-32, an
 * eight-bit checksum, the name alone. `none`: nothing was read back.
 */
export const READ_BACK_STRENGTHS = ['full', 'sha256', 'md5', 'crc32', 'bcc8', 'name', 'none'] as const;
export type ReadBackStrength = (typeof READ_BACK_STRENGTHS)[number];

/** The same proof with `unproven` as its other members imply: the name alone was read back, and no login was seen. */
export function withUnproven<O extends string>({ readBack, online }: Proof<O>): Proof<O> {
  return readBack === 'name' && online === 'none'
    ? { readBack, online, unproven: true }
    : { readBack, online };
}

/** True for a run whose unit passed without proof of its secret: only its name was read back. */
export function passedUnproven({ outcome, proof }: RunWithProof): boolean {
  return outcome === 'PASS' && proof?.unproven === true;
}

interface RunWithProof {
  readonly outcome: string | null;
  readonly proof: { readonly unproven?: boolean | undefined } | null;
}

interface Proof<O extends string> {
  readonly readBack: ReadBackStrength;
  readonly online: O;
  readonly unproven?: boolean | undefined;
}

/**
 * True for a read-back that a wrong secret can pass by chance (one in 256) or always, so that a failed login means that the
 * secret may be wrong.
 */
export function mayMissWrongSecret(readBack: ReadBackStrength): boolean {
  return readBack === 'bcc8' || readBack === 'name' || readBack === 'none';
}
