import { expect, it } from 'vitest';
import { formatFlashReached } from '#shared/domain/flash-reached.ts';
import { flashReachedMeasurement, flashReachedWords } from '#shared/words/index.ts';

const AT = { stage: 'writing', image: 'app.bin', doneBytes: 5, totalBytes: 10, changed: true } as const;

it('what a flash has reached says whether the unit may hold half an image', () => {
  expect(flashReachedWords(AT, 'en')).toBe(
    'writing app.bin, 5 of 10 bytes. The unit may hold half an image: write the firmware again.',
  );
  expect(flashReachedWords({ ...AT, changed: false, totalBytes: 0 }, 'zh-CN')).toBe(
    '写入 app.bin。尚未写入任何内容。',
  );
});

it('the measurement of an unfinished flash has words, others keep theirs', () => {
  const measured = { name: 'flash-reached', value: formatFlashReached(AT) };
  expect(flashReachedMeasurement(measured, 'en')).toEqual({
    name: 'Stopped at',
    value: flashReachedWords(AT, 'en'),
  });
  expect(flashReachedMeasurement({ name: 'rssi', value: -60 }, 'en')).toBeNull();
});
