import { Fault } from '#shared/domain/fault.ts';
import type { ApproverClaim } from './approval.ts';

/** The reason for a decision that goes into the audit trail, and the claim of the person who approves it. */
export interface Justification extends ApproverClaim {
  readonly reason: string;
}

/**
 * The reason without blanks around it. Faults: `bad-input` when it is shorter or longer than allowed.
 *
 * @param message of the fault
 * @param length characters; 1 or more by default
 */
export function requireReason(
  text: string,
  message: string,
  { min = 1, max = Infinity }: { readonly min?: number; readonly max?: number } = {},
): string {
  const reason = text.trim();
  if (reason.length >= min && reason.length <= max) return reason;
  throw new Fault('bad-input', message, { hint: 'The reason goes into the audit trail.' });
}
