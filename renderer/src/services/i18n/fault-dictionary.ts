import type { AmpeRemedy } from '#shared/domain/ampe-refusal.ts';
import type { FaultCode } from '#shared/domain/fault.ts';

/** The text of a fault for the operator. */
export interface FaultWords {
  /** What happened. */
  readonly what: string;
  /** What to do now. */
  readonly todo: string;
  /** Shown only if the fault has a value for each of its placeholders. */
  readonly more?: string;
}
export type FaultDictionary = Readonly<Record<FaultCode, FaultWords>>;

/** A terminal's refusal that its document explains: `what` names `{reason}`, and each remedy has a sentence. */
export interface TerminalWords {
  readonly what: string;
  readonly todo: Readonly<Record<AmpeRemedy, string>>;
}
