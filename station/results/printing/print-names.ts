import { Fault } from '#shared/domain/fault.ts';
import type { LabelPrintRow } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';

/** The label of a recipe without a template. */
export const DEFAULT_TEMPLATE = 'default';

/** What a print is called in the audit trail. */
export function nameOf({ serialNumber, deviceName, printId }: LabelPrintRow): string {
  return serialNumber ?? deviceName ?? printId;
}

/** Any error of a print as a fault; one that is none is a defect, and logged. */
export function asPrintFault(error: unknown, { log }: Platform): Fault {
  if (error instanceof Fault) return error;
  log.error('label.not-printed', error);
  return new Fault('internal', 'the label could not be printed', { cause: error });
}
