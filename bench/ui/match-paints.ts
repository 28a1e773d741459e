import type { BegunStep } from './keep-slots-at-work.ts';
import type { Painted } from './page-probe.ts';

/**
 * The times from each announced step to its paint, ms. A step that a tile never showed, because the next one came within
 * the same frame, has none.
 */
export function matchPaints(begun: readonly BegunStep[], painted: readonly Painted[]): number[] {
  const keyOf = ({ slot, step }: { slot: number; step: string }): string => `${slot}:${step}`;
  const times = Map.groupBy(begun, keyOf);
  return painted.flatMap((one) => {
    const last = times.get(keyOf(one))?.findLast(({ atMs }) => atMs <= one.paintedAtMs);
    return last === undefined ? [] : [one.paintedAtMs - last.atMs];
  });
}
