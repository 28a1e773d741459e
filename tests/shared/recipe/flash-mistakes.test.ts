import { expect, it } from 'vitest';
import { mistakesIn } from './written.ts';

const found = (more: object): string[] =>
  mistakesIn([
    { verb: 'flash', chip: 'esp32c3', images: [{ from: 'recipe', file: 'a.bin', offset: 0 }], ...more },
  ]);

it('a flash is proven by each way to write it, and never left without a proof', () => {
  for (const verify of ['auto', true, 'read-back']) expect(found({ verify })).toEqual([]);
  expect(found({ verify: false })).toEqual([
    expect.stringContaining('must be auto, true or read-back: a flash is never left without a proof'),
  ]);
});

it('the list of a build is the only image, and says files and offsets itself', () => {
  const list = { from: 'flasher-args' };
  expect(found({ images: [list] })).toEqual([]);
  expect(found({ images: [list, { from: 'firmware', offset: 0x1000 }] })).toEqual([
    expect.stringContaining('must be the only image'),
  ]);
  expect(found({ images: [{ ...list, offset: 4096 }] })).toEqual([
    expect.stringContaining('takes no file and no offset'),
  ]);
  expect(found({ chip: 'su-03t', images: [list] })).toEqual([
    expect.stringContaining('is for chips of the ESP32 family'),
  ]);
});

it('a chip with a typing error gets the near one', () => {
  for (const [written, meant] of [
    ['esp32-c3', 'esp32c3'],
    ['ESP32C3', 'esp32c3'],
    ['esp23c3', 'esp32c3'],
    ['esp32c33', 'esp32c3'],
    ['ci103x', 'ci130x'],
    ['su03t', 'su-03t'],
    ['bl603', 'bl602'],
  ] as const)
    expect(found({ chip: written })[0]).toContain(`did you mean ${meant}?`);
});
