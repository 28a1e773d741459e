import type { SlotView } from '#shared/contract/index.ts';

/**
 * The slots whose results have come since `before`, for the sound and for screen readers: a run that was not finished then and is now, whether it
 * ended while the page was connected or while the connection was lost. Without a `before` (first sight of the station) nothing is new.
 */
export function newResults(before: readonly SlotView[] | null, now: readonly SlotView[]): SlotView[] {
  if (before === null) return [];
  const known = new Map(before.map((slot) => [slot.slot, slot]));
  return now.flatMap((slot) => {
    const outcome = slot.state === 'finished' ? (slot.run?.outcome ?? null) : null;
    if (outcome === null) return [];
    const was = known.get(slot.slot);
    const same = was?.state === 'finished' && was.run?.runId === slot.run?.runId;
    return same ? [] : [slot];
  });
}
