import { z } from 'zod';
import { call, ROLES } from '../rpc/contract.ts';
import { empty, timeMs } from './common.ts';

/** The users of the station, for engineers: accounts, PINs and badges. No reply contains a PIN or a badge's code. */
export const userAccount = z.object({
  name: z.string(),
  role: z.enum(ROLES),
  /** False: the user cannot sign in and approves nothing. */
  enabled: z.boolean(),
  hasBadge: z.boolean(),
  lastSignInAtMs: timeMs.nullable(),
  /** When the PIN was last replaced at the computer without the old one; null for never. */
  pinResetAtMs: timeMs.nullable(),
  /** Where the user is signed in now. */
  signedIn: z.array(z.object({ place: z.enum(['browser', 'window', 'other']), sinceMs: timeMs })),
});
export type UserAccount = z.infer<typeof userAccount>;

const name = z.string().min(1).max(64);
const pin = z.string().min(1).max(64);
const ENGINEER = ['engineer'] as const;
const act = { automatic: false, atOnce: false };

export const userCalls = {
  'users.list': call(ENGINEER, empty, z.object({ users: z.array(userAccount) }), {
    automatic: true,
    atOnce: false,
  }),
  'users.add': call(ENGINEER, z.strictObject({ name, role: z.enum(ROLES), pin }), userAccount, act),
  /**
   * Ends the sessions of the user. As with each change below, a session in which users change their own account
   * stays, with their new role. Faults: `last-engineer`.
   */
  'users.setRole': call(ENGINEER, z.strictObject({ name, role: z.enum(ROLES) }), userAccount, act),
  /** Ends the sessions of the user. */
  'users.setPin': call(ENGINEER, z.strictObject({ name, pin }), userAccount, act),
  /** Disabling ends the sessions of the user. Faults: `last-engineer`. */
  'users.setEnabled': call(ENGINEER, z.strictObject({ name, enabled: z.boolean() }), userAccount, act),
  /** Assigns a badge by its scanned code, or removes it with `null`. Replacing or removing one ends sessions. Faults: `badge-taken`. */
  'users.setBadge': call(
    ENGINEER,
    z.strictObject({ name, code: z.string().min(1).max(128).nullable() }),
    userAccount,
    act,
  ),
};
