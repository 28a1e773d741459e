import { Fault } from '#shared/domain/fault.ts';

/** Reason and approver of a decision about leases. */
export interface Decision {
  readonly reason: string;
  readonly approver: string;
}

/** Faults: `bad-input`. */
export function requireDecision({ reason, approver }: Decision, action: string): Decision {
  if (reason.trim() !== '' && approver.trim() !== '')
    return { reason: reason.trim(), approver: approver.trim() };
  throw new Fault('bad-input', `${action} with a reason and an approver`, {
    hint: 'Give both; they are recorded.',
  });
}
