import { z } from 'zod';
import { call, ROLES, topic } from '../rpc/contract.ts';
import { AT_ONCE, empty, EVERYONE } from './common.ts';

/** Who sits at this screen. The role belongs to the host's session; signing in changes it there, not in a message. */
export const sessionView = z.object({
  role: z.enum(ROLES),
  user: z.string(),
  /** False for the operator that a station begins with, who needs no PIN. */
  signedIn: z.boolean(),
});
export type SessionView = z.infer<typeof sessionView>;

export const personView = z.object({ name: z.string(), role: z.enum(ROLES) });
export type PersonView = z.infer<typeof personView>;

/** A person of the sample line: the PIN is no secret, and is shown where it is to be typed. */
export const samplePin = z.object({ name: z.string(), pin: z.string() });
export type SamplePin = z.infer<typeof samplePin>;

export const sessionCalls = {
  'session.current': call(EVERYONE, empty, sessionView),
  /** Names to choose from; empty until an engineer was added at the terminal. `samplePins` is empty on a real line. */
  'session.people': call(
    EVERYONE,
    empty,
    z.object({ people: z.array(personView), samplePins: z.array(samplePin) }),
  ),
  /**
   * Faults: `pin-wrong`; `pin-locked` after five wrong ones, with the seconds to wait, which grow; `pin-short` for a PIN
   * from before that is too short for its role by now, which `newPin` replaces.
   */
  'session.signIn': call(
    EVERYONE,
    z.strictObject({
      name: z.string().min(1).max(64),
      pin: z.string().min(4).max(64),
      newPin: z.string().min(4).max(64).optional(),
    }),
    sessionView,
    AT_ONCE,
  ),
  'session.signOut': call(EVERYONE, empty, sessionView),
};

export const sessionTopics = {
  /**
   * Who sits here, told to every page of one browser session or window: signed in on another tab, out again, or back
   * to the operator after 15 minutes without a call. Topics that the new role may not see end with `forbidden`.
   */
  session: topic(EVERYONE, { snapshot: sessionView, delta: sessionView, apply: (_, next) => next }),
};
