import type { SlotView } from '#shared/contract/index.ts';
import type { Outcome } from '#shared/domain/outcome.ts';

/** What a slot looks like: the four things an operator must tell apart (ready, working, passed, not passed), in detail. */
export type Face = 'unavailable' | 'ready' | 'running' | 'stopping' | Outcome;

export interface SlotLook {
  readonly face: Face;
  /** A result that a person must acknowledge. */
  readonly waits: boolean;
  /** A result that was acknowledged and still stands: no longer loud. */
  readonly seen: boolean;
}

export function lookOf(slot: SlotView, nowMs: number): SlotLook {
  const quiet = (face: Face): SlotLook => ({ face, waits: false, seen: false });
  switch (slot.state) {
    case 'unavailable':
    case 'ready':
      return quiet(slot.state);
    case 'running':
      return quiet(slot.run?.stopping === true ? 'stopping' : 'running');
    case 'finished': {
      // A finished run without an outcome would be a defect of the station; it must not look like anything good.
      const face = slot.run?.outcome ?? 'ERROR';
      if (face === 'PASS') {
        const cleared = slot.clearsAtMs !== null && nowMs >= slot.clearsAtMs;
        return quiet(cleared ? 'ready' : 'PASS');
      }
      return { face, waits: !slot.acknowledged, seen: slot.acknowledged };
    }
  }
}

export function isResult(face: Face): face is Outcome {
  return face !== 'unavailable' && face !== 'ready' && face !== 'running' && face !== 'stopping';
}
