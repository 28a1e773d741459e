import { expect, it } from 'vitest';
import { createPresence } from '../../renderer/src/services/presence/index.ts';

const MINUTE_MS = 60_000;

it('asks by itself only while somebody is there, and catches up when they are back', () => {
  const screen = new EventTarget();
  let nowMs = 0;
  const executed: string[] = [];
  const presence = createPresence(screen as Window, () => nowMs);
  presence.whenPresent(() => executed.push('first'));
  expect(executed).toEqual(['first']);

  nowMs += 20 * MINUTE_MS;
  presence.whenPresent(() => executed.push('second'));
  presence.whenPresent(() => executed.push('third'));
  expect(executed).toEqual(['first']);
  screen.dispatchEvent(new Event('pointermove'));
  expect(executed).toEqual(['first', 'third']);

  nowMs += 20 * MINUTE_MS;
  presence.whenPresent(() => executed.push('after the page was left'));
  presence.close();
  screen.dispatchEvent(new Event('keydown'));
  expect(executed).toEqual(['first', 'third']);
});
