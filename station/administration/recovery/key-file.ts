import { readFileSync } from 'node:fs';
import { fileFaultCodeOf, hasErrno, writeFileAtomic } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type DataKey, unwrapKeys, wrapKeys } from '../../identity/index.ts';
import type { Platform, SecretBox } from '../../core/platform/index.ts';
import { readBackupKeys } from '../../core/database/index.ts';

/** The key file of a backup, encrypted with a passphrase: `station-….key` beside `station-….db`. */
export function keyFileOf(backup: string): string {
  return `${backup.replace(/\.db$/, '')}.key`;
}

/**
 * Writes the keys of a backup beside it, encrypted with a passphrase, so that it can be restored without the host's own key.
 * Returns the file. Faults: `bad-input` when the passphrase is too short, `secret-unreadable` when this host's box
 * cannot open them, `file-denied`, `disk-full`.
 *
 * @param target beside the backup when left out
 */
export async function writeKeyFile(
  platform: Platform,
  backup: string,
  passphrase: Uint8Array,
  target = keyFileOf(backup),
): Promise<string> {
  const keys = await openKeys(platform.secretBox, backup);
  try {
    const text = await wrapKeys(keys, passphrase, platform);
    await writeFileAtomic(target, text, { mode: 0o600 });
    return target;
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    const full = fileFaultCodeOf(cause) === 'disk-full';
    throw new Fault(full ? 'disk-full' : 'file-denied', `the key file ${target} could not be written`, {
      hint: 'The backup itself is complete, and opens only with the key of this data directory.',
      cause,
    });
  } finally {
    for (const { key } of keys) key.fill(0);
  }
}

async function openKeys(box: SecretBox, backup: string): Promise<DataKey[]> {
  const keys: DataKey[] = [];
  for (const { keyId, wrapped } of readBackupKeys(backup))
    keys.push({ keyId, wrapped, key: await box.unwrap(wrapped) });
  return keys;
}

/** Opens the key file of a backup; null when there is none. Faults: those of `unwrapKeys`, `file-denied`. */
export async function openKeyFile(
  backup: string,
  rows: readonly Omit<DataKey, 'key'>[],
  passphrase: () => Promise<Uint8Array>,
): Promise<DataKey[] | null> {
  const path = keyFileOf(backup);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (hasErrno(cause, 'ENOENT')) return null;
    throw new Fault('file-denied', `${path} cannot be read`, {
      hint: 'Give this user read permission on it.',
      cause,
    });
  }
  const passphraseBytes = await passphrase();
  try {
    return await unwrapKeys(text, rows, passphraseBytes, path);
  } finally {
    passphraseBytes.fill(0);
  }
}
