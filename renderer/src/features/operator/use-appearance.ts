import { PASS_CLEARS_MS, type SlotView } from '#shared/contract/index.ts';
import { useElapsed } from './elapsed.ts';
import { appearanceOf, type SlotAppearance } from './slot-appearance.ts';

export interface Looks {
  of(slot: SlotView): SlotAppearance;
  /** How long the result of its run has been shown, if it is cleared automatically; else 0. */
  shownMs(slot: SlotView): number;
}

/** The present appearance of slots; call it inside `computed`. */
export function useAppearance(): Looks {
  const time = useElapsed();
  const shownMs = ({ clearsAtMs, run }: SlotView): number =>
    clearsAtMs === null ? 0 : time.since(`result:${run?.runId ?? ''}`, clearsAtMs - PASS_CLEARS_MS);
  return { shownMs, of: (slot) => appearanceOf(slot, shownMs(slot)) };
}
