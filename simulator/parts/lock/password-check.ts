import type { StoredIdentity } from '../../flash/index.ts';
import { isPassword } from './temporary-password.ts';

const WRONG_TO_FREEZE = 5;
const FROZEN_MS = 60_000;

/** Codes of the console for a refused password. */
export const REFUSED = { wrong: 1, notLocked: 2, noSecret: 3, frozen: 4 } as const;

export type Verdict =
  | { readonly good: true }
  | {
      readonly good: false;
      readonly reason: number;
      /** True for the wrong password that begins the frozen time. */
      readonly freezes: boolean;
    };

/** Checks entered passwords. Too many wrong ones in a row freeze the check for a time. */
export class PasswordCheck {
  #wrong = 0;
  #frozenUntilMs = 0;

  check(typed: string, identity: StoredIdentity | null, locked: boolean, nowMs: number): Verdict {
    const refused = (reason: number, freezes = false): Verdict => ({ good: false, reason, freezes });
    if (nowMs < this.#frozenUntilMs) return refused(REFUSED.frozen);
    if (!locked) return refused(REFUSED.notLocked);
    if (identity === null) return refused(REFUSED.noSecret);
    if (isPassword(identity.deviceSecret, typed, nowMs)) {
      this.#wrong = 0;
      return { good: true };
    }
    if (++this.#wrong < WRONG_TO_FREEZE) return refused(REFUSED.wrong);
    this.#wrong = 0;
    this.#frozenUntilMs = nowMs + FROZEN_MS;
    return refused(REFUSED.wrong, true);
  }
}
