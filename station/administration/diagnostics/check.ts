import { Fault, type FaultClass, FAULT_CLASS, type FaultCode } from '#shared/domain/fault.ts';

/** One thing that was looked at, in words for whoever has to do something about it. */
export interface Check {
  readonly name: string;
  /** `warn`: work goes on, and somebody should look. */
  readonly level: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly hint: string | null;
  /** What kind of trouble a `fail` is. */
  readonly trouble: Extract<FaultClass, 'environment' | 'integrity'> | null;
}

export function fine(name: string, message: string): Check {
  return { name, level: 'ok', message, hint: null, trouble: null };
}

export function warning(name: string, message: string, hint: string): Check {
  return { name, level: 'warn', message, hint, trouble: null };
}

export function failure(name: string, code: FaultCode, message: string, hint: string | null): Check {
  const trouble = FAULT_CLASS[code] === 'integrity' ? 'integrity' : 'environment';
  return { name, level: 'fail', message, hint, trouble };
}

/** What a look faults with is what it found; anything else is a defect and passes through. */
export async function looked(name: string, look: () => Promise<Check> | Check): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'cancelled') throw error;
    return failure(name, error.code, error.message, error.hint);
  }
}
