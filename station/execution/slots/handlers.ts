import type { SectionHandlers } from '#shared/contract/index.ts';
import type { PressedKeys } from '#shared/contract/index.ts';
import { stoppedBy } from './stop-reasons.ts';
import type { ScanDispatcher } from './scan-router.ts';
import type { Slots } from './slot-bank.ts';

export function slotHandlers({
  scans,
  slots,
}: {
  readonly scans: ScanDispatcher;
  readonly slots: Slots;
}): SectionHandlers<'slots'> {
  return {
    'slots.answer': ({ slot, promptId, answer, pressed = null }, { lateMs }) => {
      scans.answer(slot, promptId, answer, whenHeard(pressed, lateMs));
      return {};
    },
    'slots.scan': ({ text, pressed = null }, { session, lateMs }) =>
      scans.scan(text, whenHeard(pressed, lateMs), session.user),
    'slots.noteRead': ({ text, pressed }, { lateMs }) => {
      scans.noteRead(text, whenHeard(pressed, lateMs));
      return {};
    },
    'slots.acknowledge': ({ slot }) => ({ slots: slots.acknowledge(slot) }),
    'slots.stop': ({ slot }, { session }) => ({ slots: slots.stop(slot, stoppedBy(session.user)) }),
    'slots.select': ({ slot }) => {
      slots.select(slot);
      return {};
    },
  };
}

/** The page says how long ago the keys were pressed when it sends them; they may be on their way for seconds. */
function whenHeard<P extends PressedKeys | null>(pressed: P, lateMs: number): P {
  if (pressed === null) return pressed;
  return {
    ...pressed,
    firstMsAgo: pressed.firstMsAgo + lateMs,
    lastMsAgo: pressed.lastMsAgo + lateMs,
  };
}
