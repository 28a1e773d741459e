import { Fault } from '#shared/domain/fault.ts';
import { unitNameCandidates } from '#shared/domain/scan/index.ts';
import { normalizeChipId } from '#shared/domain/triple.ts';
import type { ReadableDatabase } from '#station';
import { ambiguous, MIN_PREFIX_LENGTH } from './ambiguous.ts';

export type RunRow = NonNullable<ReturnType<ReadableDatabase['runs']['findById']>>;

export const RUN_HELP =
  "the run: its id or its beginning; a unit's serial number, MAC or DeviceName for the unit's last run";

/** A run, and the number of earlier runs of its unit when the text identified the unit. */
export interface FoundRun {
  readonly run: RunRow;
  /** Number of earlier runs of the same unit; 0 when the text identified the run. */
  readonly earlier: number;
}

/**
 * Finds a run by its id, by a unique prefix of it, or the last run of the unit with this serial number, MAC or DeviceName.
 * Faults: `not-found`, `bad-input` for an ambiguous text.
 */
export function findRun({ runs, units, triples }: ReadableDatabase, text: string): FoundRun {
  const wanted = text.trim();
  const exact = runs.findById(wanted);
  if (exact !== null) return { run: exact, earlier: 0 };
  const lower = wanted.toLowerCase();
  const ids =
    /^[0-9a-f-]+$/.test(lower) && lower.length >= MIN_PREFIX_LENGTH ? runs.listIdsStartingWith(lower) : [];
  const ofSerial = runs.listOfSerialNumber(wanted);
  const last = ofSerial.at(-1);
  if (last !== undefined && ids.length === 0) return { run: last, earlier: ofSerial.length - 1 };
  if (last === undefined && ids.length === 1) {
    const run = runs.findById(ids[0] ?? '');
    if (run !== null) return { run, earlier: 0 };
  }
  if (ids.length > 0) {
    throw ambiguous('run', wanted, [
      ...(last === undefined ? [] : [`${last.runId} (serial number)`]),
      ...ids,
    ]);
  }
  // Also with AIM prefixes, in full-width characters, and as the text of a label.
  for (const name of unitNameCandidates(text)) {
    const ofName = runs.listOfSerialNumber(name);
    const lastOfName = ofName.at(-1);
    if (lastOfName !== undefined) return { run: lastOfName, earlier: ofName.length - 1 };
    const chipId = normalizeChipId(name);
    const known = [chipId === null ? null : units.findByChip(chipId), units.findByReportedId(name)];
    const named = triples.listByDeviceName(name).map(({ unitId }) => unitId);
    for (const unitId of [...known.map((unit) => unit?.unitId ?? null), ...named]) {
      const ofUnit = unitId === null ? [] : runs.listOfUnit(unitId);
      const lastOfUnit = ofUnit.at(-1);
      if (lastOfUnit !== undefined) return { run: lastOfUnit, earlier: ofUnit.length - 1 };
    }
  }
  throw new Fault('not-found', `there is no run ${wanted}`, {
    hint: 'List runs with "runs", those of a unit with "runs --serial SERIAL".',
  });
}

/** The first candidate for a serial number (see `unitNameCandidates`) that has a run, else the text itself. */
export function findSerial({ runs }: ReadableDatabase, text: string): string {
  return unitNameCandidates(text).find((name) => runs.listOfSerialNumber(name).length > 0) ?? text.trim();
}
