import { Fault } from '#shared/domain/fault.ts';
import { openKeyRing, SECRET_DIGEST_KEY, SIGNING_KEY } from '../../identity/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { SEALED_SETTINGS } from '../settings/index.ts';
import type { Salvage, WritableDatabase } from '../../core/database/index.ts';
import { openKeyFile } from './key-file.ts';

/** The key that opens the secrets of a restored backup: this host's own, that of the key file beside the backup, or none. */
export type KeyFound = 'own' | 'beside' | 'none';

/**
 * Wraps the keys of a backup for this host. When neither the host nor a key file has them, they are replaced by a new key with a
 * number of its own, and what they sealed cannot be opened any more. Works on a copy that is not in use yet. Faults: those of `openKeyFile`.
 */
export async function adoptKeys(
  database: WritableDatabase,
  platform: Platform,
  backup: string,
  passphrase: (() => Promise<Uint8Array>) | undefined,
  takenIds: readonly number[],
): Promise<KeyFound> {
  try {
    await openKeyRing(database, platform);
    return 'own';
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'secret-unreadable') throw error;
  }
  const rows = database.secretKeys.list();
  const beside = passphrase === undefined ? null : await openKeyFile(backup, rows, passphrase);
  const fresh = platform.random.bytes(32);
  const nextId = Math.max(...rows.map(({ keyId }) => keyId), ...takenIds) + 1;
  const keys = beside ?? [{ keyId: nextId, key: fresh }];
  try {
    const wrapped = await Promise.all(keys.map(({ key }) => platform.secretBox.wrap(key)));
    database.transaction(() => {
      for (const { keyId } of rows) database.secretKeys.remove(keyId);
      for (const [n, { keyId }] of keys.entries())
        database.secretKeys.add(keyId, wrapped[n] ?? new Uint8Array(), platform.clock.nowMs());
    });
  } finally {
    for (const { key } of keys) key.fill(0);
  }
  return beside === null ? 'none' : 'beside';
}

/** Leaves out keys of the replaced database that this host cannot open: with them the restored station could not start. */
export async function withoutForeignKeys(old: Salvage, { secretBox }: Platform): Promise<Salvage> {
  const secretKeys: Salvage['secretKeys'][number][] = [];
  for (const row of old.secretKeys) {
    try {
      (await secretBox.unwrap(row.wrapped)).fill(0);
      secretKeys.push(row);
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'secret-unreadable') throw error;
    }
  }
  return { ...old, secretKeys };
}

/** The sealed settings that a restore without a key has removed. */
export interface SettingsLost {
  /** The names of those that have to be configured again. */
  readonly settingsLost: readonly string[];
  readonly signingKeyLost: boolean;
}

export const NOTHING_LOST: SettingsLost = { settingsLost: [], signingKeyLost: false };

/**
 * Removes the sealed settings that no key opens any more. The key of the digests is made anew at the next start, and the key of
 * signatures when it is needed next.
 */
export function dropSealedSettings(database: WritableDatabase): SettingsLost {
  const lost = SEALED_SETTINGS.filter((key) => database.meta.get(key) !== null);
  for (const key of lost) database.meta.remove(key);
  return {
    settingsLost: lost.filter((key) => key !== SECRET_DIGEST_KEY && key !== SIGNING_KEY),
    signingKeyLost: lost.includes(SIGNING_KEY),
  };
}
