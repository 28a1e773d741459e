import { encodeUtf8 } from '#shared/codec/utf8.ts';

/** A shorter text is found in other texts by chance. */
const MIN_CHARACTERS = 8;

/**
 * True when received bytes have a secret in another spelling than the masked ones: in other case, or with characters between its
 * letters and digits, also of its bytes in hex.
 */
export function spellsSecret(received: Uint8Array, secret: string): boolean {
  const text = bare(Buffer.from(received).toString('latin1'));
  const spellings = [secret, Buffer.from(encodeUtf8(secret)).toString('hex')].map(bare);
  return spellings.some((spelling) => spelling.length >= MIN_CHARACTERS && text.includes(spelling));
}

function bare(text: string): string {
  return text.replaceAll(/[^a-z0-9]/gi, '').toLowerCase();
}
