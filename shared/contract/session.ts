import { z } from 'zod';
import { call, ROLES, topic } from '../rpc/contract.ts';
import { empty, EVERYONE } from './common.ts';

/** The session of a page: its user and role. The role is stored at the host and changed by signing in. */
export const sessionView = z.object({
  role: z.enum(ROLES),
  user: z.string(),
  /** False for the initial operator, who needs no PIN. */
  signedIn: z.boolean(),
  /**
   * How the last user of this session was signed out without asking for it; absent after the next sign-in. `removed`, `disabled`,
   * `role`, `pin`, `badge`: what was changed of the account at another place.
   */
  signedOut: z
    .object({ user: z.string(), why: z.enum(['idle', 'removed', 'disabled', 'role', 'pin', 'badge']) })
    .optional(),
});
export type SessionView = z.infer<typeof sessionView>;

export const userView = z.object({ name: z.string(), role: z.enum(ROLES) });
export type UserView = z.infer<typeof userView>;

/** A user of the sample line: the PIN is public and shown on the sign-in page. */
export const samplePin = z.object({ name: z.string(), pin: z.string() });
export type SamplePin = z.infer<typeof samplePin>;

export const sessionCalls = {
  'session.current': call(EVERYONE, empty, sessionView, { automatic: true, atOnce: false }),
  /**
   * Names to choose from; empty until the first engineer was added. `samplePins` is empty at a real station. `canResetPin`:
   * the only engineer may replace a forgotten PIN from this page, because it is at the computer itself.
   */
  'session.users': call(
    EVERYONE,
    empty,
    z.object({ users: z.array(userView), samplePins: z.array(samplePin), canResetPin: z.boolean() }),
    { automatic: true, atOnce: false },
  ),
  /**
   * Faults: `pin-wrong`, with the attempts that are left before a wait, or with the seconds to wait; `pin-locked` during the
   * wait, which increases; `pin-short` for an old PIN that is too short for its role, which `newPin` replaces.
   */
  'session.signIn': call(
    EVERYONE,
    z.strictObject({
      name: z.string().min(1).max(64),
      pin: z.string().min(4).max(64),
      newPin: z.string().min(4).max(64).optional(),
    }),
    sessionView,
    { automatic: false, atOnce: true },
  ),
  /**
   * Signs in by the scanned code of a badge. Faults: `badge-unknown`; `pin-locked` after many unknown codes at this page.
   */
  'session.signInByBadge': call(EVERYONE, z.strictObject({ code: z.string().min(1).max(128) }), sessionView, {
    automatic: false,
    atOnce: true,
  }),
  /**
   * Writes a code for a new PIN of the only engineer into a file that only the owner of the station's program can read.
   * While an earlier code is valid, it stays the code. Faults: `not-at-computer`, `bad-input` when another engineer can set
   * the PIN, `reset-code-wait` after five codes that were not used, with the seconds to wait.
   */
  'session.beginPinReset': call(
    EVERYONE,
    z.strictObject({ name: z.string().min(1).max(64) }),
    z.object({ path: z.string(), validMs: z.int() }),
    { automatic: false, atOnce: false },
  ),
  /** Replaces the PIN by the code of the file, and signs in. Faults: `not-at-computer`, `reset-code-wrong`, `bad-input`. */
  'session.resetPin': call(
    EVERYONE,
    z.strictObject({ code: z.string().min(1).max(64), newPin: z.string().min(1).max(64) }),
    sessionView,
    { automatic: false, atOnce: false },
  ),
  'session.signOut': call(EVERYONE, empty, sessionView, { automatic: false, atOnce: false }),
};

export const sessionTopics = {
  /**
   * The session, for all pages of one browser session or window: it changes by signing in and out in any tab, and back to
   * the operator after 15 minutes without a call. Topics that the new role may not watch end with `forbidden`.
   */
  session: topic(EVERYONE, { snapshot: sessionView, delta: sessionView, apply: (_, next) => next }),
};
