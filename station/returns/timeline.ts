import { approvedBy } from './write-off.ts';
import type { TimelineEntry } from '#shared/contract/index.ts';
import type { RunRow, WritableDatabase, UnitRow } from '../core/database/index.ts';

/** Members that most entries leave empty. */
export const NOTHING = { deviceName: null, runId: null, outcome: null, note: '', actor: null } as const;

/** What this station knows of a unit, or of a serial number that no unit is known by yet; not sorted. */
export function unitTimeline(
  database: WritableDatabase,
  unit: UnitRow | null,
  serialNumber: string | null,
): TimelineEntry[] {
  return [
    ...ledgerTimeline(database, unit),
    ...runTimeline(database, unit, serialNumber),
    ...auditTimeline(database, unit),
  ];
}

function ledgerTimeline(database: WritableDatabase, unit: UnitRow | null): TimelineEntry[] {
  if (unit === null) return [];
  return database.triples.listHistoryOfUnit(unit.unitId).map(({ event, at, runId, note, deviceName }) => ({
    ...NOTHING,
    atMs: at,
    source: 'ledger',
    kind: `identity-${event}` as const,
    deviceName,
    runId,
    note,
  }));
}

function runTimeline(
  database: WritableDatabase,
  unit: UnitRow | null,
  serialNumber: string | null,
): TimelineEntry[] {
  const serial = unit?.serialNumber ?? serialNumber;
  const runs = new Map<string, RunRow>();
  for (const run of unit === null ? [] : database.runs.listOfUnit(unit.unitId)) runs.set(run.runId, run);
  for (const run of serial === null ? [] : database.runs.listOfSerialNumber(serial)) runs.set(run.runId, run);
  return runEntries([...runs.values()]);
}

/** Two entries of each run that has ended, one of the others. */
export function runEntries(runs: readonly RunRow[]): TimelineEntry[] {
  return runs.flatMap((run): TimelineEntry[] => {
    const base = { ...NOTHING, source: 'run' as const, runId: run.runId, actor: run.operator };
    const started: TimelineEntry = {
      ...base,
      atMs: run.startedAt,
      kind: 'run-started',
      note: run.serialNumber ?? '',
    };
    if (run.finishedAt === null) return [started];
    return [
      started,
      {
        ...base,
        atMs: run.finishedAt,
        kind: 'run-finished',
        deviceName: run.deviceName,
        outcome: run.outcome,
        note: run.failure?.message ?? '',
      },
    ];
  });
}

function auditTimeline(database: WritableDatabase, unit: UnitRow | null): TimelineEntry[] {
  if (unit === null) return [];
  return database.audit.listOfSubject(unit.chipId).map((row) => {
    const { reason, approver, approverProven, action } = JSON.parse(row.details) as Details;
    const by =
      approver === undefined ? undefined : approvedBy({ approver, approverProven: approverProven === true });
    const note = [action, reason, by].filter((part) => part !== undefined).join(' · ');
    return { ...NOTHING, atMs: row.at, source: 'audit', kind: 'returned', note, actor: row.actor };
  });
}

/** Of an entry of the desk; those from before it was proven have no `approverProven`. */
interface Details {
  readonly action?: string;
  readonly reason?: string;
  readonly approver?: string;
  readonly approverProven?: boolean;
}
