import { Fault, type FaultClass, FAULT_CLASS, type FaultCode } from '#shared/domain/fault.ts';

/** The result of one check, with the text for the person who has to act. */
export interface Check {
  readonly name: string;
  /** `warn`: the station works, and a person should read the message. */
  readonly level: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly hint: string | null;
  /** The class of a `fail`. */
  readonly faultClass: Extract<FaultClass, 'environment' | 'integrity'> | null;
}

export function fine(name: string, message: string): Check {
  return { name, level: 'ok', message, hint: null, faultClass: null };
}

export function warning(name: string, message: string, hint: string): Check {
  return { name, level: 'warn', message, hint, faultClass: null };
}

export function failure(name: string, code: FaultCode, message: string, hint: string | null): Check {
  const faultClass = FAULT_CLASS[code] === 'integrity' ? 'integrity' : 'environment';
  return { name, level: 'fail', message, hint, faultClass };
}

/** Makes a failed check of a fault that `check` throws. Any other error is a defect and is thrown. */
export async function runCheck(name: string, check: () => Promise<Check> | Check): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'cancelled') throw error;
    return failure(name, error.code, error.message, error.hint);
  }
}
