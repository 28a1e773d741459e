import { readFile } from 'node:fs/promises';
import { z } from 'zod';

import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { normalizeChipId } from '#shared/domain/triple.ts';

import { writtenFault, type UnitFault } from './catalogue.ts';

/** `{"units":{"3":["silent"],"A2:B7:00:00:00:07":[{"fault":"slow","factor":9}]}}` */
export const faultFile = z.strictObject({ units: z.record(z.string(), z.array(writtenFault)) });
export type FaultFile = z.output<typeof faultFile>;

/** Reads the file given to `--faults`. Faults: `file-missing`, `bad-input` naming the place in the file. */
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
  const place = issue?.path.join('.') ?? '';
  throw new Fault(
    'bad-input',
    `the fault file ${path} is wrong at ${place || 'its top'}: ${issue?.message ?? ''}`,
    {
      hint: 'see docs/simulator.md for the names of faults and their settings',
    },
  );
}

/** Whether a key of the file means this unit: its number (from 1) or its MAC in any writing. */
function means(key: string, unit: { readonly unit: number; readonly mac: string }): boolean {
  return key === String(unit.unit) || normalizeChipId(key) === normalizeChipId(unit.mac);
}

/**
 * The faults of each unit, in the order of `units`. Faults: `bad-input` when the file speaks of a unit that is not on
 * the bench, because a rehearsal of nothing looks like a success.
 */
export function assignFaults(
  file: FaultFile,
  units: readonly { readonly unit: number; readonly mac: string }[],
): readonly (readonly UnitFault[])[] {
  for (const key of Object.keys(file.units)) {
    if (units.some((unit) => means(key, unit))) continue;
    throw new Fault('bad-input', `the faults name unit ${key}, which is not on the bench`, {
      hint: `units are numbered 1 to ${units.length}, or named by MAC`,
    });
  }
  return units.map((unit) =>
    Object.entries(file.units).flatMap(([key, faults]) => (means(key, unit) ? faults : [])),
  );
}
