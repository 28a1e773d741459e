import { expect, it } from 'vitest';
import { createPresence } from '../../renderer/src/services/presence/index.ts';

const MINUTE_MS = 60_000;

it('asks by itself only while somebody is there, and catches up when they are back', () => {
  const screen = new EventTarget();
  let nowMs = 0;
  const asked: string[] = [];
  const presence = createPresence(screen as Window, () => nowMs);
  presence.whenPresent(() => asked.push('first'));
  expect(asked).toEqual(['first']);

  nowMs += 20 * MINUTE_MS;
  presence.whenPresent(() => asked.push('second'));
  presence.whenPresent(() => asked.push('third'));
  expect(asked).toEqual(['first']);
  screen.dispatchEvent(new Event('pointermove'));
  expect(asked).toEqual(['first', 'third']);

  nowMs += 20 * MINUTE_MS;
  presence.whenPresent(() => asked.push('after the page was left'));
  presence.close();
  screen.dispatchEvent(new Event('keydown'));
  expect(asked).toEqual(['first', 'third']);
});
