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
  return runEntries([...runs.values()]);
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
  return database.audit.listOfSubject(unit.chipId).map((row) => {
    const { reason, approver, approverProven, action } = JSON.parse(row.details) as ReturnDetails;
    const by =
      approver === undefined ? undefined : approvedBy({ approver, approverProven: approverProven === true });
    const note = [action, reason, by].filter((part) => part !== undefined).join(' · ');
    const decision = {
      action: RETURN_DECISIONS.find((one) => row.action === `returns.${one}` || one === action) ?? null,
      reason: reason ?? '',
      approver: approver ?? null,
      approverProven: approverProven === true,
    };
    return {
      ...DEFAULT_ENTRY,
      atMs: row.at,
      source: 'audit',
      kind: 'returned',
      note,
      actor: row.actor,
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
}
