import { Fault, type FaultClass, FAULT_CLASS, type FaultCode } from '#shared/domain/fault.ts';

/** The result of one check, with the text for the person who has to act. */
export interface Check {
  readonly name: string;
  /** `note`: a choice, such as a station without a registry. `warn`: the station works, and a person should read the message. */
  readonly level: 'ok' | 'note' | 'warn' | 'fail';
  readonly message: string;
  readonly hint: string | null;
  /** What kind of finding it is, where a check has several; pages have an action for some. */
  readonly code: FaultCode | null;
  /** What a person can type into a terminal of this computer to settle it, exactly as it is. */
  readonly command: string | null;
  /** The class of a `fail`. */
  readonly faultClass: Extract<FaultClass, 'environment' | 'integrity'> | null;
}

/** What else is known of a finding. */
export interface Finding {
  readonly code?: FaultCode | undefined;
  readonly command?: string | null | undefined;
}

export function fine(name: string, message: string): Check {
  return { name, level: 'ok', message, hint: null, code: null, command: null, faultClass: null };
}

export function note(name: string, message: string, hint: string, code: FaultCode): Check {
  return { name, level: 'note', message, hint, code, command: null, faultClass: null };
}

export function warning(
  name: string,
  message: string,
  hint: string,
  { code, command = null }: Finding = {},
): Check {
  return { name, level: 'warn', message, hint, code: code ?? null, command, faultClass: null };
}

export function failure(
  name: string,
  code: FaultCode,
  message: string,
  hint: string | null,
  command: string | null = null,
): Check {
  const faultClass = FAULT_CLASS[code] === 'integrity' ? 'integrity' : 'environment';
  return { name, level: 'fail', message, hint, code, command, faultClass };
}

/**
 * Makes a failed check of a fault that `check` throws. Any other error is a defect and is thrown.
 *
 * @param commandFor what settles a fault in a terminal
 */
export async function runCheck(
  name: string,
  check: () => Promise<Check> | Check,
  commandFor: (fault: Fault) => string | null = () => null,
): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'cancelled') throw error;
    return failure(name, error.code, error.message, error.hint, commandFor(error));
  }
}
