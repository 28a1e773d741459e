import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SecretMask } from '../secret-mask/index.ts';

/** A binary file may have fewer bytes of a secret by chance. */
const MIN_BINARY_FORM = 8;
/** Other work gets its turn after a search of so many bytes. */
const SEARCHED_AT_ONCE = 1024 * 1024;
const ASTERISK = 0x2a;

/**
 * The bytes of a file without the secrets of its run. In a text each is asterisks, of the same length; a binary file cannot be
 * masked. A secret in a compressed file is not found.
 *
 * @returns the same bytes when there is no secret in them; `null` for a binary file with a secret
 */
export async function maskContent(
  bytes: Uint8Array,
  isText: boolean,
  { forms, concealed }: Pick<SecretMask, 'forms' | 'concealed'>,
): Promise<Uint8Array | null> {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let masked: Buffer | null = null;
  for (const form of spellings([...forms, ...concealed], isText)) {
    for (let at = content.indexOf(form); at !== -1; at = content.indexOf(form, at + 1)) {
      if (!isText) return null;
      masked ??= Buffer.from(content);
      masked.fill(ASTERISK, at, at + form.length);
    }
    if (content.length > SEARCHED_AT_ONCE) await nextTurn();
  }
  return masked ?? bytes;
}

function spellings(forms: readonly Uint8Array[], isText: boolean): Buffer[] {
  const all = new Set<string>();
  for (const form of forms) {
    const text = Buffer.from(form).toString('latin1');
    if (text === '' || (!isText && text.length < MIN_BINARY_FORM)) continue;
    all.add(text);
    // JSON may have a backslash before each slash.
    if (isText) all.add(text.replaceAll('/', String.raw`\/`));
    else {
      // UTF-16, in both orders of its bytes.
      all.add([...text].map((character) => `${character}\0`).join(''));
      all.add([...text].map((character) => `\0${character}`).join(''));
    }
  }
  return [...all].map((text) => Buffer.from(text, 'latin1'));
}
