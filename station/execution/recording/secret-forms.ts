import type { Json } from './format.ts';

/** The forms in which a secret may travel: as it is, in hex, in base64, and as the bytes it spells in base64. */
export function secretForms(secret: string): Uint8Array[] {
  const text = Buffer.from(secret);
  const forms: Buffer[] = [text, ...hexOf(text), Buffer.from(text.toString('base64'))];
  const raw = Buffer.from(secret, 'base64');
  if (raw.length >= 8 && raw.toString('base64') === secret) forms.push(raw, ...hexOf(raw));
  return forms;
}

function hexOf(bytes: Buffer): Buffer[] {
  const hex = bytes.toString('hex');
  return [Buffer.from(hex), Buffer.from(hex.toUpperCase())];
}

/** The same value with the secrets in its words masked, keys included. */
export function maskJson<T>(value: T, secrets: readonly string[]): T {
  if (secrets.length === 0) return value;
  return masked(value as Json) as T;

  function masked(part: Json): Json {
    if (typeof part === 'string') return maskText(part, secrets);
    if (part === null || typeof part !== 'object') return part;
    if (Array.isArray(part)) return (part as readonly Json[]).map(masked);
    return Object.fromEntries(
      Object.entries(part).map(([key, own]) => [
        maskText(key, secrets),
        own === undefined ? own : masked(own as Json),
      ]),
    );
  }
}

function maskText(text: string, secrets: readonly string[]): string {
  return secrets.reduce((so, secret) => so.replaceAll(secret, '*'.repeat(secret.length)), text);
}
