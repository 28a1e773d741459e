import { Fault } from '#shared/domain/fault.ts';

/** Who decided something about leases, and why. */
export interface Decision {
  readonly reason: string;
  readonly approver: string;
}

/** Faults: `bad-input`. */
export function checkedDecision({ reason, approver }: Decision, what: string): Decision {
  if (reason.trim() !== '' && approver.trim() !== '')
    return { reason: reason.trim(), approver: approver.trim() };
  throw new Fault('bad-input', `${what} with a reason and an approver`, {
    hint: 'Say why, and who looked.',
  });
}
