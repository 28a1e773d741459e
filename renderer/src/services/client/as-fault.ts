import type { FaultView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';

export type { FaultView };

/** Converts a thrown value to a FaultView. A value that is not a Fault is a defect of the page. */
export function asFault(error: unknown): FaultView {
  if (error instanceof Fault) return error.toView();
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, hint: null, details: {} };
}
