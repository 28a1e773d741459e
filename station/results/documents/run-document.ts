import { createHash } from 'node:crypto';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import { type UnitId, unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { ReadBackStrength } from '#shared/domain/read-back.ts';
import type { NoContent } from '../../core/attachments/index.ts';
import type { CurvePoint, MeasurementRow, ReadableDatabase, RunDetails } from '../../core/database/index.ts';

/** The failure of a run or of a step. Other programs have codes of their own, so that `code` is any text. */
export interface DocumentFailure {
  readonly code: string;
  readonly phase: string;
  readonly step: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export interface DocumentMeasurement {
  readonly name: string;
  /** `null` for a value that has no form in JSON, as NaN. */
  readonly value: MeasuredValue | null;
  readonly unit: string | null;
  /** As people read them; empty when the value is only recorded. */
  readonly limits: string;
  readonly outcome: Outcome;
  readonly low: number | null;
  readonly high: number | null;
  readonly marginal: boolean;
  readonly relative: boolean;
  /** Where on a curve it lies; `null` for a single value. */
  readonly at: readonly CurvePoint[] | null;
}

/** One attempt of a step. */
export interface DocumentStep {
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly startedAtMs: number;
  /** Duration in milliseconds. */
  readonly ms: number;
  readonly failure: DocumentFailure | null;
  readonly measurements: readonly DocumentMeasurement[];
}

/** A file that belongs to a run. */
export interface DocumentAttachment {
  readonly step: Pick<DocumentStep, 'attempt' | 'phase' | 'step'>;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly madeBy: string;
  /** Its bytes, or why they are not in the document; `not-asked` for a document that names its files only. */
  readonly content: Uint8Array | NoContent | 'not-asked';
}

/** An ended run with all that other programs are told of it: no secret is in it. */
export interface RunDocument {
  readonly runId: string;
  readonly station: string;
  readonly batchId: string;
  readonly batch: string;
  readonly slot: number | null;
  readonly serialNumber: string | null;
  readonly unitId: UnitId | null;
  readonly productId: string | null;
  readonly deviceName: string | null;
  readonly proof: {
    readonly readBack: ReadBackStrength;
    readonly online: string;
    readonly unproven?: boolean | undefined;
  } | null;
  readonly outcome: Outcome;
  readonly failure: DocumentFailure | null;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly operator: string;
  readonly appVersion: string;
  readonly firmwareSha256: string | null;
  readonly recipe: { readonly hash: string; readonly name: string; readonly version: string };
  readonly steps: readonly DocumentStep[];
  /**
   * Of a run of this station that has some. They are no part of `canonicalJson`: documents of before and CSV do not have them, and
   * are of the same run.
   */
  readonly attachments?: readonly DocumentAttachment[];
}

/** Names that records refer to by id. */
export interface RecordNames {
  batchOf(batchId: string): string;
  recipeOf(hash: string): { readonly name: string; readonly version: string };
}

/** Names from the database, each read once. */
export function readNames({ batches }: ReadableDatabase): RecordNames {
  const ofBatches = new Map<string, string>();
  const ofRecipes = new Map<string, { readonly name: string; readonly version: string }>();
  return {
    batchOf(batchId) {
      const name = ofBatches.get(batchId) ?? batches.findById(batchId)?.name ?? batchId;
      ofBatches.set(batchId, name);
      return name;
    },
    recipeOf(hash) {
      const found = ofRecipes.get(hash) ?? batches.getRecipeName(hash);
      ofRecipes.set(hash, found);
      return found;
    },
  };
}

/** The document of a run; `null` while the run has not ended. */
export function toRunDocument(
  { run, steps, measurements }: RunDetails,
  names: RecordNames,
): RunDocument | null {
  const { outcome, finishedAtMs } = run;
  if (outcome === null || finishedAtMs === null) return null;
  const measured = Map.groupBy(measurements, ({ stepSeq }) => stepSeq);
  return {
    runId: run.runId,
    station: run.station,
    batchId: run.batchId,
    batch: names.batchOf(run.batchId),
    slot: run.slot,
    serialNumber: run.serialNumber,
    unitId: unitIdOrNull(run),
    productId: run.productId,
    deviceName: run.deviceName,
    proof: run.proof,
    outcome,
    failure: run.failure,
    startedAtMs: run.startedAtMs,
    finishedAtMs,
    operator: run.operator,
    appVersion: run.appVersion,
    firmwareSha256: run.firmwareSha256 ?? null,
    recipe: { hash: run.recipeHash, ...names.recipeOf(run.recipeHash) },
    steps: steps.map((step) => ({
      phase: step.phase,
      step: step.step,
      attempt: step.attempt,
      outcome: step.outcome,
      startedAtMs: step.startedAtMs,
      ms: step.ms,
      failure: step.failure,
      measurements: (measured.get(step.seq) ?? []).map(toMeasurement),
    })),
  };
}

function toMeasurement(row: MeasurementRow): DocumentMeasurement {
  return {
    name: row.name,
    value: row.value,
    unit: row.unit,
    limits: row.limits,
    outcome: row.outcome,
    low: row.low ?? null,
    high: row.high ?? null,
    marginal: row.marginal === true,
    relative: row.relative === true,
    at: row.at ?? null,
  };
}

/** A step is named with its phase, because a name is unique only within it; names have no slash. */
export function stepPathOf({ phase, step }: Pick<DocumentStep, 'phase' | 'step'>): string {
  return phase === '' ? step : `${phase}/${step}`;
}

/** Steps that follow each other in the same phase. */
export function phasesOf(steps: readonly DocumentStep[]): DocumentStep[][] {
  const groups: DocumentStep[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0]?.phase === step.phase) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

/** The last attempt of each step, the one that decides. */
export function lastAttempts(steps: readonly DocumentStep[]): ReadonlySet<DocumentStep> {
  return new Set(new Map(steps.map((step) => [stepPathOf(step), step])).values());
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a run as a UUID: itself, or one that is computed from it (version 8 of RFC 9562). */
export function uuidOf(runId: string): string {
  if (UUID.test(runId)) return runId.toLowerCase();
  const bytes = createHash('sha256').update(runId).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
