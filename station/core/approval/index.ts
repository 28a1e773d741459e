/** Approval of a decision by a second person: who approves it, the reason, and how it is recorded. */
import { MAX_REASON, MIN_REASON } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor, Session } from '#shared/rpc/index.ts';

/** Where a PIN is entered: a browser's session, a window, the terminal. */
export type AttemptSource = object;

/** The second person who approves an act, and their proof. */
export interface ApproverCredentials {
  readonly approver: string;
  /** Called only where users have PINs; left out when none was given. */
  readonly approverPin?: ((name: string) => Promise<string>) | undefined;
  /** Where the PIN is entered; see `LockOut`. */
  readonly attemptSource?: AttemptSource | undefined;
  /** Another name of the user who acts: their account on this computer. */
  readonly alsoNot?: string | undefined;
}

/** The reason for a decision that goes into the audit trail, and the credentials of the user who approves it. */
export interface Justification extends ApproverCredentials {
  readonly reason: string;
}

/** The approval as it is recorded. */
export interface Approval {
  readonly approver: string;
  /** False at a station without users: then the name was only typed. */
  readonly approverProven: boolean;
}

/** Checks the approval of a second person; see `proveApprover`. */
export type Approve = (credentials: ApproverCredentials, by: Actor, signal: AbortSignal) => Promise<Approval>;

/** The approver's credentials in a call of a page: its session is where the PIN is entered. */
export function approverCredentialsOf<T extends { readonly approverPin?: string | undefined }>(
  { approverPin, ...request }: T,
  session: Session,
): Omit<T, 'approverPin'> & Pick<ApproverCredentials, 'approverPin' | 'attemptSource'> {
  return {
    ...request,
    attemptSource: session,
    approverPin: approverPin === undefined ? undefined : () => Promise.resolve(approverPin),
  };
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

/** The reason without blanks around it, of the length that the pages allow. Faults: `bad-input`. */
export function requireReasonOfPage(text: string): string {
  const message = `a reason of ${MIN_REASON} to ${MAX_REASON} characters is needed`;
  return requireReason(text, message, { min: MIN_REASON, max: MAX_REASON });
}
