import { Fault } from '#shared/domain/fault.ts';
import type { ApproverClaim } from '../administration/people/index.ts';

/** Why something was decided at the desk, and by whose word besides. */
export interface Why extends ApproverClaim {
  readonly reason: string;
}

/** A reason that trail and registry can take. Faults: `bad-input`. */
export function checkedReason(text: string): string {
  const reason = text.trim();
  if (reason.length >= 3 && reason.length <= 500) return reason;
  throw new Fault('bad-input', 'a reason of 3 to 500 characters is needed', {
    hint: 'It goes into the audit trail.',
  });
}
