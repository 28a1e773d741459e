/** A form that a secret could be left in. */
export interface Trace {
  readonly form: string;
  readonly bytes: Buffer;
}

/** The usual forms of a secret: plain, and its text and key bytes in hex and Base64 (at any offset). */
export function traces(secret: string): Trace[] {
  const key = Buffer.from(secret, 'base64');
  const forms: [string, string | Buffer][] = [
    ['text', secret],
    ['UTF-16', Buffer.from(secret, 'utf16le')],
    ['without padding', secret.replace(/=+$/, '')],
    ['Base64url', key.toString('base64url')],
    ['URL-encoded', encodeURIComponent(secret)],
    ['key bytes', key],
  ];
  for (const [name, bytes] of [
    ['text', Buffer.from(secret)],
    ['key', key],
  ] as const) {
    forms.push(
      [`hex of ${name}`, bytes.toString('hex')],
      [`HEX of ${name}`, bytes.toString('hex').toUpperCase()],
    );
    // In a longer Base64 text it has one of three offsets; its complete groups are always present.
    for (const offset of [0, 1, 2]) {
      const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
      forms.push([`Base64 of ${name} at ${offset}`, shifted.slice(offset === 0 ? 0 : 4, -4)]);
    }
  }
  return forms.map(([form, text]) => ({ form, bytes: Buffer.from(text as string) }));
}
