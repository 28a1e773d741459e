import { z } from 'zod';

import { Fault } from '#shared/domain/fault.ts';
import { normalizeChipId } from '#shared/domain/triple.ts';

import { readCheckedJson } from '../json/index.ts';
import { writtenFault, type UnitFault } from './catalogue.ts';

/** `{"units":{"3":["silent"],"A2:B7:00:00:00:07":[{"fault":"slow","factor":9}]}}` */
export const faultFile = z.strictObject({ units: z.record(z.string(), z.array(writtenFault)) });
export type FaultFile = z.output<typeof faultFile>;

/** Reads the file given to `--faults`. Faults: `file-missing`, `bad-input` with the position in the file. */
export function readFaultFile(path: string): Promise<FaultFile> {
  const hint = 'docs/simulator.md has the form of the file, the names of faults and their settings.';
  return readCheckedJson(faultFile, path, { where: `the fault file ${path}`, hint });
}

/** Whether a key of the file names this unit, by its number (from 1) or by its MAC in any notation. */
function matchesUnit(key: string, unit: { readonly unit: number; readonly mac: string }): boolean {
  return key === String(unit.unit) || normalizeChipId(key) === normalizeChipId(unit.mac);
}

/**
 * The faults of each unit, in the order of `units`. Faults: `bad-input` when the file names a unit that does not exist,
 * because a test without its fault would pass.
 */
export function assignFaults(
  file: FaultFile,
  units: readonly { readonly unit: number; readonly mac: string }[],
): readonly (readonly UnitFault[])[] {
  for (const key of Object.keys(file.units)) {
    if (units.some((unit) => matchesUnit(key, unit))) continue;
    throw new Fault('bad-input', `the faults name unit ${key}, which does not exist`, {
      hint: `units are numbered 1 to ${units.length}, or named by MAC`,
    });
  }
  return units.map((unit) =>
    Object.entries(file.units).flatMap(([key, faults]) => (matchesUnit(key, unit) ? faults : [])),
  );
}
