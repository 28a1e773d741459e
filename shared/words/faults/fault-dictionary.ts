import type { AmpeRemedy } from '#shared/domain/ampe-refusal.ts';
import type { FaultCode } from '#shared/domain/fault.ts';

/** The text of a fault for the operator. */
export interface FaultWords {
  /** What happened. */
  readonly message: string;
  /** What to do now. */
  readonly action: string;
  /** Shown only if the fault has a value for each of its placeholders. */
  readonly more?: string;
}
export type FaultDictionary = Readonly<Record<FaultCode, FaultWords>>;

/** A terminal's refusal that its document explains: `message` names `{reason}`, and each remedy has a sentence. */
export interface TerminalWords {
  readonly message: string;
  readonly action: Readonly<Record<AmpeRemedy, string>>;
}
