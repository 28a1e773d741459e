import { expect, it } from 'vitest';
import { flashMeasurementWords, flashReachedWords } from '#shared/words/index.ts';

it.each([
  ['flash-proof:app.bin', 'md5', 'Proof of app.bin', 'MD5 computed by the chip'],
  [
    'flash-proof:app.bin',
    'read-back, not written again',
    'Proof of app.bin',
    'every byte read back, was there already, not written again',
  ],
  [
    'flash-protocol-verified-by',
    'foreign-program, emulator',
    'Protocol checked against',
    'an independent program, a simulated chip',
  ],
  ['flash-before:$&.bin', 'MD5 0f', 'Before $&.bin', 'MD5 0f'],
  ['flash-chip', 'ESP32-C3', 'Chip', 'ESP32-C3'],
  ['flash-proof:a', 'a code of another version', 'Proof of a', 'a code of another version'],
])('%s %s has words', (name, value, title, text) => {
  expect(flashMeasurementWords({ name, value }, 'en')).toEqual({ name: title, value: text });
  const chinese = flashMeasurementWords({ name, value }, 'zh-CN');
  expect(chinese?.name).toMatch(/\p{Script=Han}/u);
});

it('other measurements keep their names', () => {
  expect(flashMeasurementWords({ name: 'rssi', value: -60 }, 'en')).toBeNull();
});

it('what a flash has reached says whether the unit may hold half an image', () => {
  const at = { stage: 'writing', image: 'app.bin', doneBytes: 5, totalBytes: 10, changed: true } as const;
  expect(flashReachedWords(at, 'en')).toBe(
    'writing app.bin, 5 of 10 bytes. The unit may hold half an image: write the firmware again.',
  );
  expect(flashReachedWords({ ...at, changed: false, totalBytes: 0 }, 'zh-CN')).toBe(
    '写入 app.bin。尚未写入任何内容。',
  );
});
