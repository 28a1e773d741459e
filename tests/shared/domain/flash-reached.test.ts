import { expect, it } from 'vitest';
import {
  FLASH_BEGUN,
  formatFlashReached,
  parseFlashReached,
  reachFlash,
} from '#shared/domain/flash-reached.ts';

const at = (stage: 'reading' | 'erasing' | 'writing', doneBytes = 0) => ({
  stage,
  image: 'app, 2 of 3 bytes.bin',
  doneBytes,
  totalBytes: 1000,
});

it('what a flash has reached is read from its text again', () => {
  const writing = reachFlash(reachFlash(FLASH_BEGUN, at('erasing')), at('writing', 500));
  for (const reached of [FLASH_BEGUN, writing, reachFlash(FLASH_BEGUN, at('reading'))])
    expect(parseFlashReached(formatFlashReached(reached))).toEqual(reached);
  expect(formatFlashReached(writing)).toBe('writing app, 2 of 3 bytes.bin, 500 of 1000 bytes, flash changed');
  for (const text of ['', 'dancing, 1 of 2 bytes, flash changed', 'writing, x of 2 bytes, flash changed'])
    expect(parseFlashReached(text)).toBeNull();
});

it('a flash that was changed stays changed at the next attempt', () => {
  const retried = reachFlash(reachFlash(FLASH_BEGUN, at('erasing')), at('reading'));
  expect(retried).toMatchObject({ stage: 'reading', changed: true });
  expect(reachFlash(FLASH_BEGUN, at('reading')).changed).toBe(false);
});
