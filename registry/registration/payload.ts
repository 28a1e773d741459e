import { createCipheriv } from 'node:crypto';

const BLOCK = 16;
/** Sixteen characters `0`. */
const IV = Buffer.alloc(BLOCK, '0');

export interface Payload {
  /** Bytes of the text before the zeros. */
  readonly length: number;
  /** Base64. */
  readonly encrypted: string;
}

/**
 * The DeviceSecret for a device: JSON, filled with zero bytes, AES-128-CBC with the first 16 characters of the product secret.
 * Source: document 47612 of IoT Explorer.
 */
export function sealForDevice(productSecret: string, deviceSecret: string): Payload {
  const text = Buffer.from(JSON.stringify({ encryptionType: 2, psk: deviceSecret }));
  const filled = Buffer.alloc(Math.ceil(text.length / BLOCK) * BLOCK);
  text.copy(filled);
  const cipher = createCipheriv('aes-128-cbc', productSecret.slice(0, BLOCK), IV).setAutoPadding(false);
  return {
    length: text.length,
    encrypted: Buffer.concat([cipher.update(filled), cipher.final()]).toString('base64'),
  };
}
