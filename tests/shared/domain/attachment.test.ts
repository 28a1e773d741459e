import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachmentName, sniffMediaType, uniqueAttachmentName } from '#shared/domain/attachment.ts';
import { isFilePattern, matchesFilePattern } from '#shared/domain/file-pattern.ts';

describe('the name of an attachment', () => {
  it('is a short file name without folders and without characters that nobody sees, whatever is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (given) => {
        const name = attachmentName(given);
        expect(name).toMatch(/^[^/\\<>:"|?*\p{C}]{1,100}$/u);
        expect(name).not.toMatch(/^[. ]|[. ]$/);
        expect(attachmentName(name)).toBe(name);
        const other = uniqueAttachmentName(name, new Set([name.toLowerCase()]));
        expect(other.toLowerCase()).not.toBe(name.toLowerCase());
        expect(attachmentName(other)).toBe(other);
      }),
    );
  });

  it.each([
    ['照片 1.jpg', '照片 1.jpg'],
    ['..', 'attachment'],
    ['NUL', '_NUL'],
    ['a/b\\c.txt ', 'c.txt'],
    [`${'x'.repeat(120)}.png`, `${'x'.repeat(96)}.png`],
  ])('%s is shown as %s', (given, shown) => {
    expect(attachmentName(given)).toBe(shown);
  });
});

describe('the media type', () => {
  it.each([
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/png', 'text/plain'],
    ['<!doctype html><script>1</script>', 'text/html', 'text/plain'],
    ['%PDF-1.7', 'text/plain', 'application/pdf'],
    ['{"a":1}', 'application/json', 'application/json'],
    ['{"a":', 'application/json', 'text/plain'],
    ['a,b', 'text/csv', 'text/csv'],
    ['RIFF\0\0\0\0WAVEfmt ', 'image/webp', 'audio/wav'],
    ['RIFF\0\0\0\0WEBPVP8 ', '', 'image/webp'],
    ['a\0b', 'text/csv', 'application/octet-stream'],
  ])('of %j, said to be %j, is %s', (text, said, type) => {
    expect(sniffMediaType(Buffer.from(text), 'file', said)).toBe(type);
  });

  it('of bytes that are not UTF-8 is binary, and an empty file is a text', () => {
    expect(sniffMediaType(Uint8Array.of(0x61, 0xff), 'a.csv')).toBe('application/octet-stream');
    expect(sniffMediaType(new Uint8Array(), 'a')).toBe('text/plain');
  });
});

describe('a pattern of files', () => {
  it.each([
    ['*.log', 'a.log', true],
    ['*.log', 'out/a.log', false],
    ['out/*.csv', 'out/a.b.csv', true],
    ['t?ace.*', 'trace.csv', true],
    ['*a*b', 'aXbYb', true],
    ['*a*b', 'aXbY', false],
    ['a', 'A', false],
    ['*', '', true],
  ])('%s and %s: %s', (pattern, path, matches) => {
    expect(matchesFilePattern(pattern, path)).toBe(matches);
  });

  it.each(['../a', '/etc/passwd', 'a//b', 'a\\b', 'C:x', './a'])('%s leads out of the folder', (pattern) => {
    expect(isFilePattern(pattern)).toBe(false);
  });
});
