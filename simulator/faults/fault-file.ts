import { readFile } from 'node:fs/promises';
import { z } from 'zod';

import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { normalizeChipId } from '#shared/domain/triple.ts';

import { writtenFault, type UnitFault } from './catalogue.ts';

/** `{"units":{"3":["silent"],"A2:B7:00:00:00:07":[{"fault":"slow","factor":9}]}}` */
export const faultFile = z.strictObject({ units: z.record(z.string(), z.array(writtenFault)) });
export type FaultFile = z.output<typeof faultFile>;

/** Reads the file given to `--faults`. Faults: `file-missing`, `bad-input` with the position in the file. */
export async function readFaultFile(path: string): Promise<FaultFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new Fault('file-missing', `the fault file ${path} cannot be read`, {
      hint: 'give the path of a JSON file, see docs/simulator.md',
      cause: error,
    });
  }
  const text = requireUtf8Text(bytes, path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Fault('bad-input', `the fault file ${path} is not JSON`, {
      hint: 'see docs/simulator.md for its form',
      cause: error,
    });
  }
  const parsed = faultFile.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const position = issue?.path.join('.') ?? '';
  throw new Fault(
    'bad-input',
    `the fault file ${path} is invalid at ${position || 'its top'}: ${issue?.message ?? ''}`,
    {
      hint: 'see docs/simulator.md for the names of faults and their settings',
    },
  );
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
