import { Fault } from '#shared/domain/fault.ts';
import type { FaultJson } from './format.ts';

/** A fault as it is kept; a defect is kept as the fault it ends as, without its insides. */
export function toFaultJson(error: unknown): FaultJson {
  const fault =
    error instanceof Fault ? error : new Fault('internal', 'something in Gongwei itself went wrong');
  return fault.toView();
}

export function toFault({ code, message, hint, details }: FaultJson): Fault {
  return new Fault(code, message, { details, ...(hint === null ? {} : { hint }) });
}
