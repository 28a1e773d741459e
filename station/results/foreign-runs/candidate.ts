import { canonicalJson, digestOf, type RunDocument } from '../documents/index.ts';
import type { ForeignAttachmentRow, ForeignRunRow } from '../../core/database/index.ts';

/**
 * A run of a file, or the reason why its record is none. `line` is its first line, of a database the number of the run, of an
 * archive the number of the file.
 */
export type Candidate =
  | { readonly line: number; readonly run: RunDocument; readonly files?: readonly ForeignFile[] }
  | { readonly line: number; readonly reason: string }
  /** It has not ended, so that it has no result yet. */
  | { readonly line: number; readonly unfinished: true };

/** A file that belongs to a run of another station. */
export interface ForeignFile extends Omit<ForeignAttachmentRow, 'isHere'> {
  /** Where the other station has it; `null` for one that it removed. */
  readonly path: string | null;
}

/**
 * The longest record that is taken, in characters. One is read at once, while the slots wait: this many take some tenths of a second.
 * A run with 20,000 measurements has as many.
 */
export const MAX_RECORD = 4 * 1024 * 1024;

/** The rows of one run as the database has it. */
export function toForeignRow(run: RunDocument): ForeignRunRow {
  const record = canonicalJson(run);
  return {
    runId: run.runId,
    station: run.station,
    batchId: run.batchId,
    batchName: run.batch,
    serialNumber: run.serialNumber,
    unitId: run.unitId?.text ?? null,
    deviceName: run.deviceName,
    outcome: run.outcome,
    failureCode: run.failure?.code ?? null,
    startedAtMs: run.startedAtMs,
    digest: digestOf(record),
    record,
  };
}

/** The run of a stored record. */
export function fromRecord(record: string): RunDocument {
  return JSON.parse(record) as RunDocument;
}

/** An id for a run whose file gives it none: the same run gets the same id, so that it is not imported twice. */
export function idOfContent(run: RunDocument): string {
  const hex = digestOf(canonicalJson({ ...run, runId: '' }));
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(18, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
