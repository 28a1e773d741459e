import type { UnitReport } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { unitNameCandidates } from '#shared/domain/scan/index.ts';
import { oldLabelOf } from '../results/printing/index.ts';
import { findUnit } from './find-unit.ts';
import { compileUnitReport, type UnitReportOptions } from './unit-report.ts';

/**
 * Finds a unit without reading it, by serial number, MAC, DeviceName or the text of its label; only reads the database.
 * Faults: `not-found`, those of `RegistryClient`.
 */
export async function findUnitReport(
  options: UnitReportOptions,
  text: string,
  signal: AbortSignal,
): Promise<UnitReport> {
  const match = findUnit(options.database, text);
  if (match !== null) {
    const report = await compileUnitReport(options, match.unit, null, match, signal);
    if (match.unit !== null || match.identity === null || report.registry !== null) {
      const oldLabel = oldLabelOf(options.database, text);
      return oldLabel === null ? report : { ...report, oldLabel };
    }
  }
  throw new Fault('not-found', `this station has no record of "${unitNameCandidates(text)[0] ?? ''}"`, {
    hint: 'Scan the serial number or the label, or type the MAC or the DeviceName; or read the unit on a slot.',
  });
}
