import { Fault } from '#shared/domain/fault.ts';

/** Why something was decided at the desk, and by whose word. */
export interface Why {
  readonly reason: string;
  readonly approver: string;
}

/** What the trail and the registry can take. Faults: `bad-input`. */
export function checkedWhy(given: Why): Why {
  const reason = given.reason.trim();
  const approver = given.approver.trim();
  if (reason.length >= 3 && reason.length <= 500 && approver !== '' && approver.length <= 64)
    return { reason, approver };
  throw new Fault('bad-input', 'a reason (3 to 500 characters) and an approver (up to 64) are needed', {
    hint: 'They go into the audit trail.',
  });
}
