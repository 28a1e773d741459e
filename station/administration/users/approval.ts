import type { Sequencer } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Approval, ApproverCredentials } from '../../core/approval/index.ts';
import type { UserRow, WritableDatabase } from '../../core/database/index.ts';
import { attemptDetails, type FailedAttempts, type LockOut } from './lock-out.ts';
import { isShort } from './names.ts';
import { verifyPin } from './pin.ts';

export interface ApprovalOptions {
  /** Checks one PIN after the other. */
  readonly sequencer: Sequencer;
  readonly users: Pick<WritableDatabase['users'], 'findByName' | 'hasEverExisted'>;
  readonly lockOut: LockOut;
  /** Called for a wrong PIN, to store the count. */
  readonly onWrong: (user: UserRow, attempts: FailedAttempts) => void;
  readonly onRight: (user: UserRow) => void;
}

/**
 * Four-eyes principle: checks the approval of a second person, who is support or engineer of this station and enters their PIN.
 *
 * @param by the user who acts; they cannot be the approver
 * Faults: `bad-input` without a name; `approver-refused` for the user who acts, an unknown user, an operator, or without a
 * PIN; `pin-wrong`, `pin-locked`; `pin-short` for a PIN that its owner has to renew by signing in.
 */
export async function proveApprover(
  { users, lockOut, sequencer, onWrong, onRight }: ApprovalOptions,
  { approver, approverPin, attemptSource = users, alsoNot }: ApproverCredentials,
  by: string,
  signal: AbortSignal,
): Promise<Approval> {
  const name = approver.trim().normalize('NFC');
  if (name === '' || name.length > 64)
    throw new Fault('bad-input', 'an approver is needed: a name of up to 64 characters', {
      hint: 'Name the approver, who is recorded in the audit trail.',
    });
  if (!users.hasEverExisted()) return { approver: name, approverProven: false };
  requireApprover(users, name);
  const doers = alsoNot === undefined ? [by] : [by, alsoNot];
  if (doers.some((doer) => sameName(name, doer))) throw refused(name, 'is who does it', 'ask somebody else');
  if (approverPin === undefined) throw refused(name, 'has given no PIN', 'let them type it');
  lockOut.check(name, attemptSource);
  const pin = await approverPin(name);
  throwIfAborted(signal);
  const user = await sequencer.run(async () => {
    lockOut.check(name, attemptSource);
    const user = requireApprover(users, name);
    if (await verifyPin(pin, user.pinHash)) {
      // While the PIN was checked the approver may have been disabled, or have got another role or PIN.
      if (requireApprover(users, name).pinHash === user.pinHash) return user;
      throw refused(name, 'has another PIN by now', 'let them type it again');
    }
    const attempts = lockOut.wrong(name, attemptSource);
    onWrong(user, attempts);
    throw new Fault('pin-wrong', `that is not the PIN of ${name}`, {
      hint: 'Nothing was done. Try again.',
      details: attemptDetails(attempts),
    });
  });
  lockOut.right(name, attemptSource);
  onRight(user);
  if (isShort(pin, user.role))
    throw new Fault('pin-short', `the PIN of ${name} is too short by now`, {
      hint: `${name} chooses a longer one by signing in at a page, or with "user pin".`,
    });
  return { approver: name, approverProven: true };
}

/** Faults: `approver-refused` for an unknown or disabled user, and for an operator. */
function requireApprover(users: ApprovalOptions['users'], name: string): UserRow {
  const user = users.findByName(name);
  if (user === null) throw refused(name, 'is nobody of this station', 'add them with "user add"');
  if (user.role === 'operator') throw refused(name, 'is an operator', 'ask support or an engineer');
  return user;
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.trim().normalize('NFC').toLowerCase();
}

function refused(name: string, why: string, what: string): Fault {
  return new Fault('approver-refused', `${name} cannot approve this: ${name} ${why}`, {
    hint: `It takes a second person who is support or engineer here, with their PIN: ${what}.`,
    details: { approver: name },
  });
}
