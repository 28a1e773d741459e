import { Fault } from '#shared/domain/fault.ts';
import { normalizeChipId } from '#shared/domain/triple.ts';
import type { Store } from '#station';
import { ambiguous, MIN_PREFIX } from './ambiguous.ts';

export type RunRow = NonNullable<ReturnType<Store['runs']['byId']>>;

export const RUN_HELP =
  "the run: its id or its beginning; a unit's serial number, MAC or DeviceName for the unit's last run";

/** A run, and how many others the same words fit when they name a unit. */
export interface FoundRun {
  readonly run: RunRow;
  /** Earlier runs of the same unit; 0 when the run was named itself. */
  readonly earlier: number;
}

/**
 * The run that a person means: by its id, by a beginning of it that no other has, or the last run of the unit with this
 * serial number, MAC or DeviceName. Faults: `not-found`, `bad-input` when it may be several.
 */
export function findRun({ runs, units, triples }: Store, text: string): FoundRun {
  const wanted = text.trim();
  const exact = runs.byId(wanted);
  if (exact !== null) return { run: exact, earlier: 0 };
  const lower = wanted.toLowerCase();
  const ids = /^[0-9a-f-]+$/.test(lower) && lower.length >= MIN_PREFIX ? runs.idsFrom(lower) : [];
  const ofUnit = runs.ofSerial(wanted);
  const last = ofUnit.at(-1);
  if (last !== undefined && ids.length === 0) return { run: last, earlier: ofUnit.length - 1 };
  if (last === undefined && ids.length === 1) {
    const run = runs.byId(ids[0] ?? '');
    if (run !== null) return { run, earlier: 0 };
  }
  if (ids.length > 0) {
    throw ambiguous('run', wanted, [
      ...(last === undefined ? [] : [`${last.runId} (serial number)`]),
      ...ids,
    ]);
  }
  const chipId = normalizeChipId(wanted);
  const named = triples.byDeviceName(wanted).map(({ unitId }) => unitId);
  const unitIds = [chipId === null ? null : (units.byChip(chipId)?.unitId ?? null), ...named];
  for (const unitId of unitIds) {
    const ofChip = unitId === null ? [] : runs.ofUnit(unitId);
    const lastOfChip = ofChip.at(-1);
    if (lastOfChip !== undefined) return { run: lastOfChip, earlier: ofChip.length - 1 };
  }
  throw new Fault('not-found', `there is no run ${wanted}`, {
    hint: 'List runs with "runs", those of a unit with "runs --serial SERIAL".',
  });
}
