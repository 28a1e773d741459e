import { passedUnproven } from '#shared/domain/read-back.ts';
import { macOrNull, unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { RunRow } from '../../core/database/index.ts';

/** A moment, Unix milliseconds. */
export interface FieldInstant {
  readonly atMs: number;
}

/** What a report of a batch says of a run, as a column of a table. */
export interface RunField {
  readonly header: string;
  of(run: RunRow, batchName: string): string | number | FieldInstant | null | undefined;
}

/** The columns of the runs of a batch or a unit, in their order. */
export const RUN_FIELDS: readonly RunField[] = [
  { header: 'run', of: (run) => run.runId },
  { header: 'batch', of: (_, batchName) => batchName },
  { header: 'serial number', of: (run) => run.serialNumber },
  { header: 'MAC', of: (run) => macOrNull(unitIdOrNull(run)) },
  { header: 'ProductId', of: (run) => run.productId },
  { header: 'DeviceName', of: (run) => run.deviceName },
  { header: 'outcome', of: (run) => run.outcome ?? 'running' },
  { header: 'failure', of: (run) => run.failure?.code },
  { header: 'phase', of: (run) => run.failure?.phase },
  { header: 'step', of: (run) => run.failure?.step },
  { header: 'message', of: (run) => run.failure?.message },
  { header: 'read-back', of: (run) => run.proof?.readBack },
  { header: 'online', of: (run) => run.proof?.online },
  { header: 'started', of: (run) => instant(run.startedAtMs) },
  { header: 'finished', of: (run) => instant(run.finishedAtMs) },
  { header: 'ms', of: (run) => (run.finishedAtMs === null ? null : run.finishedAtMs - run.startedAtMs) },
  { header: 'slot', of: (run) => run.slot },
  { header: 'station', of: (run) => run.station },
  { header: 'operator', of: (run) => run.operator },
  { header: 'recipe hash', of: (run) => run.recipeHash },
  { header: 'app version', of: (run) => run.appVersion },
  { header: 'firmware SHA-256', of: (run) => run.firmwareSha256 },
  { header: 'unproven', of: (run) => (passedUnproven(run) ? 'yes' : null) },
];

function instant(atMs: number | null): FieldInstant | null {
  return atMs === null ? null : { atMs };
}
