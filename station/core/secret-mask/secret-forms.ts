/** Shorter values are too likely to occur by chance to be searched as the bytes that a base64 secret encodes. */
const MIN_RAW_BYTES = 8;

/**
 * The forms in which a secret may travel: its text, that text in hex (lower and upper case) and in base64; for a secret
 * that is base64 itself, also the bytes it encodes and these in hex. Recordings name a form by its index in this list.
 */
export function secretForms(secret: string): Uint8Array[] {
  const text = Buffer.from(secret);
  const forms: Buffer[] = [text, ...hexOf(text), Buffer.from(text.toString('base64'))];
  const raw = Buffer.from(secret, 'base64');
  if (raw.length >= MIN_RAW_BYTES && raw.toString('base64') === secret) forms.push(raw, ...hexOf(raw));
  return forms;
}

function hexOf(bytes: Buffer): Buffer[] {
  const hex = bytes.toString('hex');
  return [Buffer.from(hex), Buffer.from(hex.toUpperCase())];
}
