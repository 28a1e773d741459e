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
