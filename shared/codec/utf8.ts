import { Fault } from '../domain/fault.ts';

/*
 * Strict UTF-8 in both directions. TextEncoder replaces a lone surrogate by U+FFFD and TextDecoder drops a leading BOM by
 * default; both would silently change an SSID, a name or a secret.
 */

/** The UTF-8 bytes of `text`. Faults: `bad-input` for a lone surrogate, which has no UTF-8 form. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  if (/\p{Surrogate}/u.test(text)) {
    throw new Fault('bad-input', 'the text holds half of a character (a lone surrogate)', {
      hint: 'type it again; it was cut in the middle of a character',
    });
  }
  return new TextEncoder().encode(text);
}

/** The text of `bytes`, a BOM included, or `null` when they are not well-formed UTF-8 (RFC 3629). */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
