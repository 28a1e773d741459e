import { PASS_CLEARS_MS, type SlotView } from '#shared/contract/index.ts';
import type { Outcome } from '#shared/domain/outcome.ts';

/** What a slot looks like: the things an operator must tell apart (ready, working, asking, passed, not passed), in detail. */
export type Face = 'unavailable' | 'ready' | 'running' | 'asking' | 'stopping' | Outcome;

export interface SlotLook {
  readonly face: Face;
  /** A result that a person must acknowledge. */
  readonly waits: boolean;
  /** A result that was acknowledged and still stands: no longer loud. */
  readonly seen: boolean;
}

/** @param shownMs how long the result of its run has been there */
export function lookOf(slot: SlotView, shownMs: number): SlotLook {
  const quiet = (face: Face): SlotLook => ({ face, waits: false, seen: false });
  switch (slot.state) {
    case 'unavailable':
    case 'ready':
      return quiet(slot.state);
    case 'running':
      if (slot.run?.stopping === true) return quiet('stopping');
      return quiet(slot.run?.prompt == null ? 'running' : 'asking');
    case 'finished': {
      // A finished run without an outcome would be a defect of the station; it must not look like anything good.
      const face = slot.run?.outcome ?? 'ERROR';
      if (face === 'PASS') {
        const cleared = slot.clearsAtMs !== null && shownMs >= PASS_CLEARS_MS;
        return quiet(cleared ? 'ready' : 'PASS');
      }
      return { face, waits: !slot.acknowledged, seen: slot.acknowledged };
    }
  }
}

export function isResult(face: Face): face is Outcome {
  return !['unavailable', 'ready', 'running', 'asking', 'stopping'].includes(face);
}
