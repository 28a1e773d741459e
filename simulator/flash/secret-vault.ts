import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { openAesGcm, sealAesGcm } from '#node-kit/crypto/index.ts';
import { readOrCreatePrivateFile } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';

const KEY_FILE = 'flash.key';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;

/**
 * Encrypts the secrets of simulated units. A real module does not let its secret be read back. A file does, so that it is
 * encrypted with AES-256-GCM under a key that only the owner can read.
 */
export class SecretVault {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  /** Opens the vault of a state folder and creates its key on first use. Faults: `secret-unreadable`. */
  static async open(folder: string): Promise<SecretVault> {
    const path = join(folder, KEY_FILE);
    const key = readOrCreatePrivateFile(path, () => randomBytes(KEY_BYTES));
    if (key.length !== KEY_BYTES) {
      throw new Fault('secret-unreadable', `the key file ${path} does not hold ${KEY_BYTES} bytes`, {
        hint: 'use a new state folder, or put back the key file that belongs to this one',
      });
    }
    return new SecretVault(key);
  }

  /** Encrypts a secret. `label` names its owner; decryption needs the same label. */
  seal(secret: string, label: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const sealed = sealAesGcm(this.#key, nonce, Buffer.from(secret), Buffer.from(label));
    return Buffer.concat([nonce, sealed]).toString('base64');
  }

  /** Decrypts a secret. Faults: `secret-unreadable` when the key, the label or a byte has changed. */
  unseal(sealed: string, label: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    try {
      const [nonce, sealed] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)];
      return openAesGcm(this.#key, nonce, sealed, Buffer.from(label)).toString('utf8');
    } catch (error) {
      throw new Fault('secret-unreadable', `the sealed secret of ${label} cannot be opened with this key`, {
        hint: 'use a new state folder, or put back the key file that belongs to this one',
        cause: error,
      });
    }
  }
}
