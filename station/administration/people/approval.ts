import type { Sequencer } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Approval, ApproverCredentials } from '../../core/approval/index.ts';
import type { PersonRow, WritableDatabase } from '../../core/database/index.ts';
import type { FailedAttempts, LockOut } from './lock-out.ts';
import { isShort } from './names.ts';
import { verifyPin } from './pin.ts';

export interface ApprovalOptions {
  /** Checks one PIN after the other. */
  readonly sequencer: Sequencer;
  readonly people: Pick<WritableDatabase['people'], 'findByName' | 'hasEverExisted'>;
  readonly lockOut: LockOut;
  /** Called for a wrong PIN, to store the count. */
  readonly onWrong: (person: PersonRow, attempts: FailedAttempts) => void;
  readonly onRight: (person: PersonRow) => void;
}

/**
 * Four-eyes principle: checks the approval of a second person, who is support or engineer of this station and enters their PIN.
 *
 * @param by the person who acts; they cannot be the approver
 * Faults: `bad-input` without a name; `approver-refused` for the person who acts, an unknown person, an operator, or without a
 * PIN; `pin-wrong`, `pin-locked`; `pin-short` for a PIN that its owner has to renew by signing in.
 */
export async function proveApprover(
  { people, lockOut, sequencer, onWrong, onRight }: ApprovalOptions,
  { approver, approverPin, attemptSource = people, alsoNot }: ApproverCredentials,
  by: string,
  signal: AbortSignal,
): Promise<Approval> {
  const name = approver.trim().normalize('NFC');
  if (name === '' || name.length > 64)
    throw new Fault('bad-input', 'an approver is needed: a name of up to 64 characters', {
      hint: 'Name the approver, who is recorded in the audit trail.',
    });
  if (!people.hasEverExisted()) return { approver: name, approverProven: false };
  const person = people.findByName(name);
  if (person === null) throw refused(name, 'is nobody of this station', 'add them with "user add"');
  if (person.role === 'operator') throw refused(name, 'is an operator', 'ask support or an engineer');
  const doers = alsoNot === undefined ? [by] : [by, alsoNot];
  if (doers.some((doer) => sameName(name, doer))) throw refused(name, 'is who does it', 'ask somebody else');
  if (approverPin === undefined) throw refused(name, 'has given no PIN', 'let them type it');
  lockOut.check(name, attemptSource);
  const pin = await approverPin(name);
  throwIfAborted(signal);
  await sequencer.run(async () => {
    lockOut.check(name, attemptSource);
    if (await verifyPin(pin, person.pinHash)) return;
    onWrong(person, lockOut.wrong(name, attemptSource));
    throw new Fault('pin-wrong', `that is not the PIN of ${name}`, { hint: 'Nothing was done. Try again.' });
  });
  lockOut.right(name, attemptSource);
  onRight(person);
  if (isShort(pin, person.role))
    throw new Fault('pin-short', `the PIN of ${name} is too short by now`, {
      hint: `${name} chooses a longer one by signing in at a page, or with "user pin".`,
    });
  return { approver: name, approverProven: true };
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
