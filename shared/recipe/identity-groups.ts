import { describePattern } from '../pattern/index.ts';
import { READ_BACK_STRENGTHS, type ReadBackStrength } from '../domain/read-back.ts';

/** Groups of the patterns under `device.identity.read` that have a name of the identity. */
const NAME_GROUPS = ['productId', 'deviceName'] as const;

/** How much a group of the secret proves. */
export const SECRET_GROUPS = {
  deviceSecret: 'full',
  deviceSecretHex: 'full',
  deviceSecretBase64: 'full',
  deviceSecretSha256: 'sha256',
  deviceSecretMd5: 'md5',
  deviceSecretCrc32: 'crc32',
  deviceSecretBcc: 'bcc8',
  deviceSecretBccHex: 'bcc8',
} as const satisfies Record<string, ReadBackStrength>;
export type SecretGroup = keyof typeof SECRET_GROUPS;

export const IDENTITY_READ_GROUPS: readonly string[] = [...NAME_GROUPS, ...Object.keys(SECRET_GROUPS)];

export function isSecretGroup(name: string): name is SecretGroup {
  return Object.hasOwn(SECRET_GROUPS, name);
}

/** The strength of a read-back whose patterns have these groups: that of the strongest. */
export function strengthOf(groups: readonly string[]): ReadBackStrength {
  const strengths = new Set<ReadBackStrength>(
    groups.map((name) => (isSecretGroup(name) ? SECRET_GROUPS[name] : 'name')),
  );
  return READ_BACK_STRENGTHS.find((strength) => strengths.has(strength)) ?? 'none';
}

/** The names of the groups of all patterns of a reading; `null` when a pattern is not valid. */
export function groupsOfReading(
  read: readonly { readonly expect?: string | undefined; readonly expectFrame?: string | undefined }[],
): string[] | null {
  const groups: string[] = [];
  for (const { expect, expectFrame } of read) {
    const parts = describePattern(expect ?? expectFrame ?? '');
    if (parts === null) return null;
    groups.push(...parts.names);
  }
  return groups;
}
