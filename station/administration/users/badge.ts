import { Fault } from '#shared/domain/fault.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import { hashWithSalt, type HashingPlatform } from './pin.ts';

/** The salt of all badges of this station, in base64. */
const BADGE_SALT = 'badge.salt';
const SALT_BYTES = 32;
const MIN_CHARACTERS = 6;
const MAX_CHARACTERS = 64;

export interface BadgeHash {
  readonly hash: string;
  readonly shape: string;
}

/** The code as a scanner reads it: full-width characters of an input method are the same. */
export function readBadgeCode(text: string): string {
  return text.trim().normalize('NFKC');
}

/** Faults: `bad-input` for a code that cannot be that of a badge; without the code in it. */
export function checkedBadgeCode(text: string): string {
  const code = readBadgeCode(text);
  const { length } = code;
  if (length >= MIN_CHARACTERS && length <= MAX_CHARACTERS && !/[\p{C}\p{Z}]/u.test(code)) return code;
  throw new Fault('bad-input', 'this cannot be the code of a badge', {
    hint: `Scan a code of ${MIN_CHARACTERS} to ${MAX_CHARACTERS} characters without blanks.`,
  });
}

/**
 * Length and kind of characters, as `10 digits`. It is stored beside the hash, so that a scanned serial number of another
 * shape is not hashed, which takes a third of a second.
 */
export function badgeShape(code: string): string {
  const kind = /^\d+$/.test(code) ? 'digits' : /^[\dA-Fa-f]+$/.test(code) ? 'hex' : 'text';
  return `${code.length} ${kind}`;
}

/**
 * The stored form of a badge's code. All badges of a station have one salt, so that the hash finds the user and is unique;
 * the cost is that of a PIN.
 */
export async function hashBadge(
  code: string,
  database: WritableDatabase,
  platform: HashingPlatform,
): Promise<BadgeHash> {
  const salt = database.transaction(() => {
    const stored = database.meta.get(BADGE_SALT);
    if (stored !== null) return stored;
    const made = Buffer.from(platform.random.bytes(SALT_BYTES)).toString('base64');
    database.meta.set(BADGE_SALT, made);
    return made;
  });
  return {
    hash: await hashWithSalt(code, Buffer.from(salt, 'base64'), platform),
    shape: badgeShape(code),
  };
}
