import type { PressedKeys } from '#shared/contract/index.ts';
import type { LineTimes } from './scan-effect.ts';

/** When these keys were pressed, as the station is told at this moment. */
export function pressedAgo(
  { firstAtMs, lastAtMs, joined, heardForMs }: LineTimes,
  ended = true,
): PressedKeys {
  const agoMs = (atMs: number): number =>
    Math.min(LONGEST_MS, Math.max(0, Math.round(performance.now() - atMs)));
  return {
    firstMsAgo: agoMs(firstAtMs),
    lastMsAgo: agoMs(lastAtMs),
    ended,
    joined,
    ...(heardForMs === undefined ? {} : { heardForMs }),
  };
}

/** The same of a single key. */
export function keyAgo(atMs: number): PressedKeys {
  return { ...pressedAgo({ firstAtMs: atMs, lastAtMs: atMs, joined: false }), oneKey: true };
}

const LONGEST_MS = 86_400_000;
