import { PASS_CLEARS_MS, type SlotView } from '#shared/contract/index.ts';
import type { Outcome } from '#shared/domain/outcome.ts';

/**
 * The appearance of a slot: the states that an operator must distinguish (ready, working, asking, passed, not passed).
 */
export type Appearance = 'unavailable' | 'ready' | 'running' | 'asking' | 'stopping' | Outcome;

export interface SlotAppearance {
  readonly appearance: Appearance;
  /** A result that a person must acknowledge. */
  readonly waits: boolean;
  /** A result that was acknowledged and is still shown, in a quiet colour. */
  readonly seen: boolean;
}

/** @param shownMs how long the result of its run has been shown */
export function appearanceOf(slot: SlotView, shownMs: number): SlotAppearance {
  const quiet = (appearance: Appearance): SlotAppearance => ({ appearance, waits: false, seen: false });
  switch (slot.state) {
    case 'unavailable':
    case 'ready':
      return quiet(slot.state);
    case 'running':
      if (slot.run?.stopping === true) return quiet('stopping');
      return quiet(slot.run?.prompt == null ? 'running' : 'asking');
    case 'finished': {
      // A finished run without an outcome would be a defect of the station; it is not shown as a pass.
      const appearance = slot.run?.outcome ?? 'ERROR';
      if (appearance === 'PASS') {
        if (slot.run?.prompt != null) return quiet('asking');
        const cleared = slot.clearsAtMs !== null && shownMs >= PASS_CLEARS_MS;
        return quiet(cleared ? 'ready' : 'PASS');
      }
      return { appearance, waits: !slot.acknowledged, seen: slot.acknowledged };
    }
  }
}

export function isResult(appearance: Appearance): appearance is Outcome {
  return !['unavailable', 'ready', 'running', 'asking', 'stopping'].includes(appearance);
}
