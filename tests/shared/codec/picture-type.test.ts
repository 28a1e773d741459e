import { expect, it } from 'vitest';
import { pictureTypeOf } from '#shared/codec/picture-type.ts';

it.each([
  ['\x89PNG\r\n\x1a\n…', 'image/png'],
  ['\xff\xd8\xff\xe0', 'image/jpeg'],
  ['GIF89a', 'image/gif'],
  ['RIFF\x10\x00\x00\x00WEBPVP8 ', 'image/webp'],
  ['RIFF\x10\x00\x00\x00WAVEfmt ', null],
  ['<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>', null],
  ['<html>\x89PNG\r\n\x1a\n', null],
  ['\x89PNG', null],
  ['', null],
])('%j is %s', (text, type) => {
  expect(pictureTypeOf(Buffer.from(text, 'latin1'))).toBe(type);
});
