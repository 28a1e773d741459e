import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useElapsed } from '../../renderer/src/features/operator/elapsed.ts';

const NOW_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS });
  setActivePinia(createPinia());
});
afterEach(() => {
  vi.useRealTimers();
});

describe('how long something has been going on', () => {
  it.each([-2 * HOUR_MS, 24 * HOUR_MS])('does not change when the clock is set by %d ms', (stepMs) => {
    const time = useElapsed();
    expect(time.since('run:a', NOW_MS - 3_000)).toBe(3_000);
    vi.advanceTimersByTime(1_000);
    vi.setSystemTime(Date.now() + stepMs);
    vi.advanceTimersByTime(500);
    expect(time.since('run:a', NOW_MS - 3_000)).toBe(4_500);
    // A later start is counted from its own time.
    const later = time.since('run:b', Date.now());
    expect(later).toBeLessThanOrEqual(250);
  });

  it('never begins below zero, when the page is on a computer whose clock is behind', () => {
    const time = useElapsed();
    expect(time.since('run:c', NOW_MS + 60_000)).toBe(0);
    vi.advanceTimersByTime(2_000);
    expect(time.since('run:c', NOW_MS + 60_000)).toBe(2_000);
  });
});
