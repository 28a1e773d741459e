import { stoppedAtPage } from '../slots/index.ts';
import type { ApiParts, Section } from './parts.ts';

export function slotHandlers({ scans, slots }: ApiParts): Section<'slots'> {
  return {
    'slots.answer': ({ slot, promptId, answer, pressed = null }) => {
      scans.answer(slot, promptId, answer, pressed);
      return {};
    },
    'slots.scan': ({ text, pressed = null }, { session }) => scans.scan(text, pressed, session.user),
    'slots.noteRead': ({ text, pressed }) => {
      scans.noteRead(text, pressed);
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
