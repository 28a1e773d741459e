import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { PressedKeys, SectionHandlers } from '#shared/contract/index.ts';
import type { CallContext, Session } from '#shared/rpc/index.ts';
import type { UploadStore } from '../../core/uploads/index.ts';
import type { Prompts } from './prompts.ts';
import type { ScanDispatcher } from './scan-dispatcher.ts';
import { stoppedBy } from './slot-faults.ts';
import type { Slots } from './slots.ts';

/** Who is recorded when nobody has signed in to work at the line. */
const NOBODY = 'operator';

/** Signs in users; see `Access` of the users. */
interface BadgeReader {
  trySignInByBadge(
    session: Session,
    text: string,
    signal: AbortSignal,
  ): Promise<{ readonly user: string } | null> | null;
  countBadgeGuess(session: Session, hadMeaning: boolean): void;
}

export function slotHandlers({
  scans,
  slots,
  access,
  prompts,
  uploads,
}: {
  readonly prompts: Pick<Prompts, 'answerPhoto'>;
  readonly uploads: Pick<UploadStore, 'take'>;
  readonly scans: ScanDispatcher;
  readonly slots: Slots;
  readonly access: BadgeReader;
}): SectionHandlers<'slots'> {
  return {
    'slots.answer': ({ slot, promptId, answer, pressed = null }, { lateMs }) => {
      scans.answer(slot, promptId, answer, whenReceived(pressed, lateMs));
      return {};
    },
    'slots.answerPhoto': async ({ slot, promptId, fileId }, { by }) => {
      using upload = uploads.take([fileId], by.user);
      const [path = ''] = upload.paths;
      // An upload of this kind is bounded when it is received.
      prompts.answerPhoto(slot, promptId, { name: basename(path), bytes: await readFile(path) });
      return {};
    },
    'slots.scan': async ({ text, pressed = null }, { by, lateMs, session, signal }) => {
      // A prompt for a text may ask for anything, also for a badge: it comes first.
      const badge = scans.isAnswer(text) ? null : access.trySignInByBadge(session, text, signal);
      const signedIn = badge === null ? null : await badge;
      if (signedIn !== null) return { kind: 'signed-in', user: signedIn.user };
      let hadMeaning = false;
      try {
        const result = scans.scan(text, whenReceived(pressed, lateMs), atTheLine(by));
        hadMeaning = true;
        return result;
      } finally {
        if (badge !== null) access.countBadgeGuess(session, hadMeaning);
      }
    },
    'slots.reportUnusedScan': ({ text, pressed }, { lateMs }) => {
      scans.reportUnusedScan(text, whenReceived(pressed, lateMs));
      return {};
    },
    'slots.acknowledge': ({ slot }) => ({ slots: slots.acknowledge(slot) }),
    'slots.stop': ({ slot }, { by }) => ({ slots: slots.stop(slot, stoppedBy(atTheLine(by))) }),
    'slots.select': ({ slot }) => {
      slots.select(slot);
      return {};
    },
  };
}

/**
 * An engineer or a support person has signed in at another page; the line beside it is worked by somebody else, so
 * their name is not recorded with its runs.
 */
function atTheLine({ user, role }: CallContext['by']): string {
  return role === 'operator' ? user : NOBODY;
}

/** Adds the time of the call to the times of the keys, which the page counts back from its sending. */
function whenReceived<P extends PressedKeys | null>(pressed: P, lateMs: number): P {
  if (pressed === null) return pressed;
  return {
    ...pressed,
    firstMsAgo: pressed.firstMsAgo + lateMs,
    lastMsAgo: pressed.lastMsAgo + lateMs,
  };
}
