import type { PressedKeys } from '#shared/contract/index.ts';
import type { LineTimes } from './scan-effect.ts';

/** How long ago these keys were pressed, for a call that is sent now. */
export function pressedAgo(
  { firstKeyAtMs, lastKeyAtMs, directlyAfterLine, listeningMs }: LineTimes,
  ended = true,
): PressedKeys {
  const agoMs = (atMs: number): number => Math.min(MAX_MS, Math.max(0, Math.round(performance.now() - atMs)));
  return {
    firstMsAgo: agoMs(firstKeyAtMs),
    lastMsAgo: agoMs(lastKeyAtMs),
    ended,
    directlyAfterLine,
    ...(listeningMs === undefined ? {} : { listeningMs }),
  };
}

/** The same of a single key. */
export function keyAgo(atMs: number): PressedKeys {
  return { ...pressedAgo({ firstKeyAtMs: atMs, lastKeyAtMs: atMs, directlyAfterLine: false }), oneKey: true };
}

const MAX_MS = 86_400_000;
