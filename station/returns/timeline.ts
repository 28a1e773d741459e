import { type FlashedFact, parseFlashedName } from '#shared/domain/flash.ts';
import { passedUnproven } from '#shared/domain/read-back.ts';
import { FLASH_REACHED, type FlashReached, parseFlashReached } from '#shared/domain/flash-reached.ts';
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
  return [...runEntries(database, all), ...all.flatMap((run) => flashEntries(database, run))];
}

/** What the steps of a run have flashed, or how far they got, by its measurements; none for a run without such a step. */
function flashEntries(database: ReadableDatabase, run: RunRow): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  let unfinished: string | null = null;
  const facts = new Map<string, Partial<Record<FlashedFact, string>>>();
  for (const { name, value } of database.runs.listMeasurements(run.runId)) {
    if (name === FLASH_REACHED) unfinished = String(value);
    const parsed = parseFlashedName(name);
    if (parsed?.fact === 'sha256') unfinished = null;
    if (parsed !== null)
      facts.set(parsed.image, { ...facts.get(parsed.image), [parsed.fact]: String(value) });
  }
  const images = [...facts].flatMap(([name, { sha256, before = null }]) =>
    sha256 === undefined ? [] : [{ name, sha256, before }],
  );
  const { runId, operator: actor, startedAtMs: atMs } = run;
  const base = { ...DEFAULT_ENTRY, source: 'run' as const, runId, actor, atMs };
  if (images.length > 0) entries.push({ ...base, kind: 'flashed', images });
  // What a later attempt has written and proven, an earlier one that failed has not left behind.
  const reached = reachedBy(run, unfinished);
  if (reached !== null)
    entries.push({ ...base, atMs: run.finishedAtMs ?? atMs, kind: 'flash-incomplete', reached });
  return entries;
}

/** How far a flash got that no later attempt has completed; `null` when there is none. */
function reachedBy({ failure }: RunRow, measured: string | null): FlashReached | null {
  const interrupted = failure?.code === 'interrupted' ? failure.details['flashReached'] : undefined;
  const text = typeof interrupted === 'string' ? interrupted : measured;
  return text === null ? null : parseFlashReached(text);
}

/** Two entries for each run that has ended, one for each other run. */
export function runEntries({ attachments }: ReadableDatabase, runs: readonly RunRow[]): TimelineEntry[] {
  return runs.flatMap((run): TimelineEntry[] => {
    const base = { ...DEFAULT_ENTRY, source: 'run' as const, runId: run.runId, actor: run.operator };
    const started: TimelineEntry = {
      ...base,
      atMs: run.startedAtMs,
      kind: 'run-started',
      note: run.serialNumber ?? '',
    };
    if (run.finishedAtMs === null) return [started];
    const files = attachments.countOfRun(run.runId);
    return [
      started,
      {
        ...base,
        atMs: run.finishedAtMs,
        kind: 'run-finished',
        deviceName: run.deviceName,
        outcome: run.outcome,
        ...(passedUnproven(run) ? { unproven: true } : {}),
        ...(files === 0 ? {} : { files }),
        note: run.failure?.message ?? '',
        failure: run.failure === null ? null : { ...run.failure, details: { ...run.failure.details } },
      },
    ];
  });
}

function auditTimeline(database: ReadableDatabase, unit: UnitRow | null): TimelineEntry[] {
  if (unit === null) return [];
  const rows = database.audit.listOfSubject(unit.chipId);
  const ended = new Set(
    rows.flatMap((row) =>
      row.action === 'returns.flash' || row.action === 'returns.flash-stop' ? [returnOf(row.details)] : [],
    ),
  );
  // The begin of a flash says something only where its end was not recorded.
  const told = rows.filter(
    (row) => row.action !== 'returns.flash-begin' || !ended.has(returnOf(row.details)),
  );
  return told.map((row): TimelineEntry => {
    const { reason, approver, approverProven, action, images, firmware, reached } = JSON.parse(
      row.details,
    ) as ReturnDetails;
    const by =
      approver === undefined ? undefined : approvedBy({ approver, approverProven: approverProven === true });
    const note = [action, firmware, reason, by].filter((part) => part !== undefined).join(' · ');
    const base = { ...DEFAULT_ENTRY, atMs: row.at, source: 'audit' as const, note, actor: row.actor };
    if (row.action === 'returns.flash')
      return { ...base, kind: 'flashed', images: JSON.parse(images ?? '[]') as TimelineEntry['images'] };
    if (row.action === 'returns.flash-stop')
      return { ...base, kind: 'flash-incomplete', reached: parseFlashReached(reached ?? '') };
    if (row.action === 'returns.flash-begin') return { ...base, kind: 'flash-incomplete', reached: null };
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

function returnOf(details: string): string | undefined {
  return (JSON.parse(details) as ReturnDetails).return;
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
  /** Of `returns.flash-stop`: see `formatFlashReached`. */
  readonly reached?: string;
  /** Id of the return. */
  readonly return?: string;
}
