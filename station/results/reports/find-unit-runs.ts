import { Fault } from '#shared/domain/fault.ts';
import { unitNameCandidates } from '#shared/domain/scan/index.ts';
import { normalizeChipId } from '#shared/domain/triple.ts';
import type { ReadableDatabase, RunRow } from '../../core/database/index.ts';
import type { ReportSubject } from './report-form.ts';

/**
 * All runs of a unit that is named by serial number, MAC, DeviceName or the text of its label: those of the device, and those
 * that were started with its serial number. Faults: `not-found` for a unit without a run.
 */
export function findUnitRuns(
  { runs, units, triples }: ReadableDatabase,
  text: string,
): Extract<ReportSubject, { kind: 'unit' }> {
  for (const name of unitNameCandidates(text)) {
    const ofSerial = runs.listOfSerialNumber(name);
    const chipId = normalizeChipId(name);
    const unitIds = new Set([
      ...ofSerial.map(({ unitId }) => unitId),
      chipId === null ? null : (units.findByChip(chipId)?.unitId ?? null),
      units.findByReportedId(name)?.unitId ?? null,
      ...triples.listByDeviceName(name).map(({ unitId }) => unitId),
    ]);
    const found = [...ofSerial, ...[...unitIds].flatMap((id) => (id === null ? [] : runs.listOfUnit(id)))];
    if (found.length === 0) continue;
    // Runs that ended before the device said who it is have its serial number only.
    const serials = new Set(found.map(({ serialNumber }) => serialNumber).filter((one) => one !== null));
    const early = [...serials]
      .flatMap((one) => runs.listOfSerialNumber(one))
      .filter((run) => run.unitId === null);
    return { kind: 'unit', name, runIds: inOrder([...found, ...early]) };
  }
  throw new Fault('not-found', `there is no run of a unit "${text.trim()}"`, {
    hint: 'Name its serial number, MAC or DeviceName.',
  });
}

/** Ids without doubles, in the order in which the runs were started. */
function inOrder(found: readonly RunRow[]): string[] {
  const sorted = [...found].sort((a, b) => a.startedAtMs - b.startedAtMs || (a.runId < b.runId ? -1 : 1));
  return [...new Set(sorted.map(({ runId }) => runId))];
}
