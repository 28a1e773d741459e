import type { SectionHandlers } from '#shared/contract/index.ts';
import type { PressedKeys } from '#shared/contract/index.ts';
import { stoppedAtPage } from './stop-reasons.ts';
import type { ScanRouter } from './scan-router.ts';
import type { SlotBank } from './slot-bank.ts';

export function slotHandlers({
  scans,
  slots,
}: {
  readonly scans: ScanRouter;
  readonly slots: SlotBank;
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
    'slots.stop': ({ slot }, { session }) => ({ slots: slots.stop(slot, stoppedAtPage(session.user)) }),
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
