import { expect, it } from 'vitest';
import { maskContent } from '../../../../station/core/attachments/index.ts';
import { SecretMask } from '../../../../station/core/secret-mask/index.ts';

const SECRET = Buffer.from('\xff\xfe?foo bar baz qux', 'latin1').toString('base64');
const mask = new SecretMask();
mask.protect([SECRET]);
const bytes = (text: string): Buffer => Buffer.from(text);

it('a secret in a text becomes asterisks in every form, and the length stays', async () => {
  const hex = Buffer.from(SECRET).toString('hex');
  const text = `a ${SECRET} b ${hex.toUpperCase()} c ${SECRET.replaceAll('/', String.raw`\/`)} é`;
  const masked = Buffer.from((await maskContent(bytes(text), true, mask)) ?? []).toString();
  expect(masked).toBe(
    `a ${'*'.repeat(SECRET.length)} b ${'*'.repeat(hex.length)} c ${'*'.repeat(SECRET.length + SECRET.split('/').length - 1)} é`,
  );
});

it.each([
  ['as it is', bytes(`\0${SECRET}`)],
  ['in UTF-16', Buffer.from(SECRET, 'utf16le')],
  ['in UTF-16, the other order', Buffer.from(SECRET, 'utf16le').swap16()],
  ['as the bytes that it encodes', Buffer.from(SECRET, 'base64')],
])('a binary file with a secret %s is refused', async (_how, content) => {
  expect(await maskContent(Buffer.concat([Buffer.alloc(2_000_000), content]), false, mask)).toBeNull();
});

it('a file without a secret is the same, not a copy', async () => {
  const content = bytes('nothing');
  expect(await maskContent(content, true, mask)).toBe(content);
});
