import { type FlashedFact, parseFlashedName } from '#shared/domain/flash.ts';
import { RETURN_DECISIONS, type TimelineEntry } from '#shared/contract/index.ts';
import type { RunRow, ReadableDatabase, UnitRow } from '../core/database/index.ts';
import { approvedBy } from './write-off.ts';

/** Default values of an entry. */
export const DEFAULT_ENTRY = { deviceName: null, runId: null, outcome: null, note: '', actor: null } as const;

/** The records of this station about a unit, or about a serial number that no unit has yet; not sorted. */
export function unitTimeline(
  database: ReadableDatabase,
  unit: UnitRow | null,
  serialNumber: string | null,
): TimelineEntry[] {
  return [
    ...ledgerTimeline(database, unit),
    ...runTimeline(database, unit, serialNumber),
    ...auditTimeline(database, unit),
  ];
}

function ledgerTimeline(database: ReadableDatabase, unit: UnitRow | null): TimelineEntry[] {
  if (unit === null) return [];
  return database.triples.listHistoryOfUnit(unit.unitId).map(({ event, at, runId, note, deviceName }) => ({
    ...DEFAULT_ENTRY,
    atMs: at,
    source: 'ledger',
    kind: `identity-${event}` as const,
    deviceName,
    runId,
    note,
  }));
}

function runTimeline(
  database: ReadableDatabase,
  unit: UnitRow | null,
  serialNumber: string | null,
): TimelineEntry[] {
  const serial = unit?.serialNumber ?? serialNumber;
  const runs = new Map<string, RunRow>();
  for (const run of unit === null ? [] : database.runs.listOfUnit(unit.unitId)) runs.set(run.runId, run);
  for (const run of serial === null ? [] : database.runs.listOfSerialNumber(serial)) runs.set(run.runId, run);
  const all = [...runs.values()];
  return [...runEntries(all), ...all.flatMap((run) => flashEntries(database, run))];
}

/** The images that the steps of a run have flashed, by its measurements; none for a run without such a step. */
function flashEntries(database: ReadableDatabase, run: RunRow): TimelineEntry[] {
  const facts = new Map<string, Partial<Record<FlashedFact, string>>>();
  for (const { name, value } of database.runs.listMeasurements(run.runId)) {
    const parsed = parseFlashedName(name);
    if (parsed !== null)
      facts.set(parsed.image, { ...facts.get(parsed.image), [parsed.fact]: String(value) });
  }
  const images = [...facts].flatMap(([name, { sha256, before = null }]) =>
    sha256 === undefined ? [] : [{ name, sha256, before }],
  );
  if (images.length === 0) return [];
  const { runId, operator: actor, startedAtMs: atMs } = run;
  return [{ ...DEFAULT_ENTRY, source: 'run', kind: 'flashed', runId, actor, atMs, images }];
}

/** Two entries for each run that has ended, one for each other run. */
export function runEntries(runs: readonly RunRow[]): TimelineEntry[] {
  return runs.flatMap((run): TimelineEntry[] => {
    const base = { ...DEFAULT_ENTRY, source: 'run' as const, runId: run.runId, actor: run.operator };
    const started: TimelineEntry = {
      ...base,
      atMs: run.startedAtMs,
      kind: 'run-started',
      note: run.serialNumber ?? '',
    };
    if (run.finishedAtMs === null) return [started];
    return [
      started,
      {
        ...base,
        atMs: run.finishedAtMs,
        kind: 'run-finished',
        deviceName: run.deviceName,
        outcome: run.outcome,
        note: run.failure?.message ?? '',
        failure: run.failure === null ? null : { ...run.failure, details: { ...run.failure.details } },
      },
    ];
  });
}

function auditTimeline(database: ReadableDatabase, unit: UnitRow | null): TimelineEntry[] {
  if (unit === null) return [];
  return database.audit.listOfSubject(unit.chipId).map((row): TimelineEntry => {
    const { reason, approver, approverProven, action, images, firmware } = JSON.parse(
      row.details,
    ) as ReturnDetails;
    const by =
      approver === undefined ? undefined : approvedBy({ approver, approverProven: approverProven === true });
    const note = [action, firmware, reason, by].filter((part) => part !== undefined).join(' · ');
    const base = { ...DEFAULT_ENTRY, atMs: row.at, source: 'audit' as const, note, actor: row.actor };
    if (row.action === 'returns.flash')
      return { ...base, kind: 'flashed', images: JSON.parse(images ?? '[]') as TimelineEntry['images'] };
    const decision = {
      action: RETURN_DECISIONS.find((one) => row.action === `returns.${one}` || one === action) ?? null,
      reason: reason ?? '',
      approver: approver ?? null,
      approverProven: approverProven === true,
    };
    return {
      ...base,
      kind: 'returned',
      ...(decision.action === null ? {} : { decision: { ...decision, action: decision.action } }),
    };
  });
}

/** Details of a `returns.*` entry; older entries have no `approverProven`. */
interface ReturnDetails {
  readonly action?: string;
  readonly reason?: string;
  readonly approver?: string;
  readonly approverProven?: boolean;
  /** Of `returns.flash`: the package, and the images as JSON. */
  readonly firmware?: string;
  readonly images?: string;
}
