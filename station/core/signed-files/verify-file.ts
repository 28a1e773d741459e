import type { StationKeyReply } from '#shared/registry-api/index.ts';
import type { FileProblem, SignedKind } from '#shared/signed/index.ts';
import { verifySignedFile, type WholeFile } from './verify-signed-file.ts';

/** What decides whose a key is. Each member that is there is asked. */
export interface KeyTrust {
  /** Fingerprints of the keys that are expected: 64 hex digits each. */
  readonly fingerprints?: readonly string[] | undefined;
  /** The registry's answer about a key; null when it does not know the key. */
  readonly registry?: ((keyId: string) => Promise<StationKeyReply | null>) | undefined;
}

/**
 * Whose the key of a whole file is. `trusted`: the expected one, and that of the station which the file names. `other`: another
 * one than expected, or that of another station. `unknown`: the registry does not know it. `not-compared`: nothing was given to
 * compare it with, so that anybody may have made the file.
 */
export type KeyOwner = 'trusted' | 'other' | 'unknown' | 'not-compared';

export interface VerifiedFile {
  /** The file is as it was signed, and its key is not another one than expected. */
  readonly whole: boolean;
  /** Why it is not. */
  readonly problem: FileProblem | 'other-key' | 'unknown-key' | null;
  /** The following are null for a file that is no signed file or was changed. */
  readonly kind: SignedKind | null;
  /** The station that the file names. */
  readonly station: string | null;
  /** Fingerprint of the key. */
  readonly keyId: string | null;
  readonly key: KeyOwner | null;
  /** The stations that the registry has the key of; null when it was not asked. */
  readonly stations: readonly string[] | null;
  /** True when the registry accepts nothing from this station any more. */
  readonly revoked: boolean;
  readonly document: Readonly<Record<string, unknown>> | null;
}

/** Verifies a file and compares its key. Faults and errors: those of `trust.registry`. */
export async function verifyFile(file: Uint8Array, trust: KeyTrust): Promise<VerifiedFile> {
  const verified = verifySignedFile(file);
  const none = { stations: null, revoked: false };
  if (!verified.whole)
    return { ...none, ...verified, kind: null, station: null, keyId: null, key: null, document: null };
  const { kind, station, keyId, document } = verified;
  const owner = await ownerOfKey(verified, trust);
  const problem = problemOfKey(owner.key);
  return { whole: problem === null, problem, kind, station, keyId, document, ...owner };
}

/** Whose the key of a whole file is. Faults and errors: those of `trust.registry`. */
export async function ownerOfKey(
  { keyId, station }: Pick<WholeFile, 'keyId' | 'station'>,
  { fingerprints, registry }: KeyTrust,
): Promise<Pick<VerifiedFile, 'key' | 'stations' | 'revoked'>> {
  if (fingerprints !== undefined && !fingerprints.includes(keyId))
    return { key: 'other', stations: null, revoked: false };
  if (registry === undefined)
    return { key: fingerprints === undefined ? 'not-compared' : 'trusted', stations: null, revoked: false };
  const found = await registry(keyId);
  const stations = found?.stations.map((one) => one.station) ?? [];
  const own = found?.stations.find((one) => one.station === station);
  if (found === null) return { key: 'unknown', stations, revoked: false };
  return { key: own === undefined ? 'other' : 'trusted', stations, revoked: own?.revoked === true };
}

/** Why a whole file is not trusted with this owner of its key; null when it is. */
export function problemOfKey(key: KeyOwner | null): 'other-key' | 'unknown-key' | null {
  return key === 'other' ? 'other-key' : key === 'unknown' ? 'unknown-key' : null;
}
