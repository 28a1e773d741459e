import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { canonicalSecret } from '#shared/codec/canonical-secret.ts';
import { openRecord, sealedKeyId, sealRecord } from '#shared/codec/sealed.ts';
import { Fault } from '#shared/domain/fault.ts';
import { readOrCreatePrivateText, readPrivateText } from './files/index.ts';
import type { MetaTable } from './store/index.ts';
import { randomBytes } from './platform.ts';

/** Seals DeviceSecrets for the database and opens them. A sealed secret opens for its own device only. */
export interface Vault {
  seal(productId: string, deviceName: string, deviceSecret: string): Uint8Array;
  /** Faults: `secret-unreadable`. */
  open(productId: string, deviceName: string, sealed: Uint8Array): string;
  /** Seals the secret of a product, with which its devices sign their registration. */
  sealProductSecret(productId: string, productSecret: string): Uint8Array;
  /** Faults: `secret-unreadable`. */
  openProductSecret(productId: string, sealed: Uint8Array): string;
  /**
   * A keyed digest (HMAC-SHA-256, 32 bytes), which finds equal secrets without opening them. Secrets with the same
   * `canonicalSecret` are equal.
   */
  digest(deviceSecret: string): Uint8Array;
  /** 32 bytes that only this registry can compute, the same for the same purpose and text. */
  derive(purpose: string, text: string): Uint8Array;
}

const KEY_ID = 1;
const KEY_CHECK = 'vault-key-check';
const KEY_CHECK_AAD = utf8('gongwei-registry key check');

/**
 * Opens the vault of a data directory. Its key is made with the database; a database without its key file, or with that of
 * another database, is refused at start.
 * Faults: `secret-unreadable`, `file-denied`.
 */
export function openVault(dataDir: string, meta: MetaTable): Vault {
  const path = join(dataDir, 'registry.key');
  const check = meta.get(KEY_CHECK);
  const text =
    check === null
      ? readOrCreatePrivateText(path, () => `${randomBytes(32).toString('base64')}\n`)
      : readPrivateText(path);
  if (text === null)
    throw keyFault(`${path} is missing: the secrets in this registry cannot be read without it`);
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32) throw keyFault(`${path} does not hold a key of 32 bytes`);
  if (check === null)
    meta.set(KEY_CHECK, sealRecord(key, KEY_ID, randomBytes(12), randomBytes(16), KEY_CHECK_AAD));
  else if (!opens(key, check)) throw keyFault(`${path} is not the key of this registry's database`);

  const digestKey = createHmac('sha256', key).update('gongwei-registry secret digest').digest();
  return {
    derive: (purpose, text) =>
      createHmac('sha256', createHmac('sha256', key).update(`gongwei-registry ${purpose}`).digest())
        .update(text)
        .digest(),
    digest: (deviceSecret) =>
      createHmac('sha256', digestKey)
        .update(canonicalSecret(utf8(deviceSecret)))
        .digest(),
    seal: (productId, deviceName, deviceSecret) =>
      sealRecord(key, KEY_ID, randomBytes(12), utf8(deviceSecret), aadOf(productId, deviceName)),
    sealProductSecret: (productId, productSecret) =>
      sealRecord(key, KEY_ID, randomBytes(12), utf8(productSecret), productAadOf(productId)),
    openProductSecret(productId, sealed) {
      if (sealedKeyId(sealed) !== KEY_ID)
        throw keyFault(`the secret of product ${productId} is sealed with another key`);
      return Buffer.from(openRecord(key, sealed, productAadOf(productId))).toString('utf8');
    },
    open(productId, deviceName, sealed) {
      if (sealedKeyId(sealed) !== KEY_ID)
        throw keyFault(`the secret of ${productId}/${deviceName} is sealed with another key`);
      return Buffer.from(openRecord(key, sealed, aadOf(productId, deviceName))).toString('utf8');
    },
  };
}

function opens(key: Uint8Array, check: Uint8Array): boolean {
  try {
    openRecord(key, check, KEY_CHECK_AAD);
    return true;
  } catch {
    return false;
  }
}

function aadOf(productId: string, deviceName: string): Uint8Array {
  return utf8(`gongwei-registry device ${productId}/${deviceName}`);
}

function productAadOf(productId: string): Uint8Array {
  return utf8(`gongwei-registry product ${productId}`);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function keyFault(message: string): Fault {
  return new Fault('secret-unreadable', message, {
    hint: 'Restore the registry.key that belongs to this data directory from its backup.',
  });
}
