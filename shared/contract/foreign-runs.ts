import { z } from 'zod';
import { FOREIGN_KINDS, RUN_ROLES, type RunRole } from '../domain/foreign-run.ts';
import { OUTCOMES } from '../domain/outcome.ts';
import { call } from '../rpc/contract.ts';
import { empty, faultView, outcome, timeMs } from './common.ts';

/**
 * Runs of other stations and programs: their import from an uploaded file, and lists of them. They are never among the runs of this
 * station.
 */
const ENGINEER = ['engineer'] as const;
const READERS = ['support', 'engineer'] as const;

/** The most rejected records that a page gets; their total number is reported as well. */
export const REJECTED_RUNS_LISTED = 100;
export const MAX_FOREIGN_ROWS = 100;
/** A count of imported runs stops here: "more than 10,000". */
export const MAX_COUNTED_FOREIGN = 10_000;

const column = z.string().min(1).max(200).optional();
/** Columns of a CSV file, by name, or by position (`#2`: the second, `#0`: none). A page asks for a few of them. */
export const foreignColumnMap = z.strictObject(
  Object.fromEntries(RUN_ROLES.map((role) => [role, column])) as Record<RunRole, typeof column>,
);
export type ForeignColumnMap = z.infer<typeof foreignColumnMap>;

const foreignFile = {
  /** The id that the host returned for the upload. */
  fileId: z.string(),
  /** Of CSV: the columns; it overrides the recognised ones. */
  map: foreignColumnMap.optional(),
  /** Of CSV: columns with values, each with `:unit` if the header has none; `*` for all others. */
  values: z.array(z.string().min(1).max(200)).max(500).optional(),
  /** Of CSV: `iso`, `unix`, `unix-ms`, or a pattern as `dd.MM.yyyy HH:mm:ss`. */
  timeFormat: z.string().min(1).max(60).optional(),
  /** Of CSV, for times without an offset: `UTC`, `+08:00`, `Asia/Shanghai`. */
  zone: z.string().min(1).max(60).optional(),
  decimal: z.enum(['.', ',']).optional(),
  /** Found by the content when left out. */
  kind: z.enum(FOREIGN_KINDS).optional(),
  /** Of CSV: where there is no such column. */
  station: z.string().max(200).optional(),
  batch: z.string().max(200).optional(),
};

const counts = {
  rows: z.int(),
  /** Runs that are here already, with the same content. */
  doubles: z.int(),
  /** Runs that have not ended and are left out. */
  unfinished: z.int(),
  /** Number of rejected records, and the first of them; a line is that of the file, of an archive the number of the file. */
  rejected: z.int(),
  rejectedRows: z.array(z.object({ line: z.int(), reason: z.string() })),
};

export const foreignPreview = z.object({
  fileName: z.string(),
  kind: z.enum(FOREIGN_KINDS),
  /** Of CSV: names of its columns; null for other files. */
  header: z.array(z.string()).nullable(),
  /** Why the columns are not recognised: map them and preview again. */
  problem: faultView.nullable(),
  /** Runs that would be imported; if there are rejected records, only with `skipBad`. */
  good: z.int(),
  ...counts,
  /** A few of them. */
  examples: z.array(
    z.object({
      serialNumber: z.string().nullable(),
      outcome,
      startedAtMs: timeMs,
      station: z.string(),
    }),
  ),
});
export type ForeignPreview = z.infer<typeof foreignPreview>;

export const foreignImport = z.object({
  kind: z.enum(FOREIGN_KINDS),
  name: z.string(),
  /** Null when nothing was imported. */
  sourceId: z.string().nullable(),
  added: z.int(),
  ...counts,
});
export type ForeignImport = z.infer<typeof foreignImport>;

const foreignFailure = z.object({
  code: z.string(),
  phase: z.string(),
  step: z.string(),
  message: z.string(),
});

/** An imported run in a list. */
export const foreignRun = z.object({
  runId: z.string(),
  sourceId: z.string(),
  station: z.string(),
  batch: z.string(),
  serialNumber: z.string().nullable(),
  unitId: z.string().nullable(),
  deviceName: z.string().nullable(),
  outcome,
  failure: foreignFailure.nullable(),
  startedAtMs: timeMs,
  finishedAtMs: timeMs,
  operator: z.string(),
});
export type ForeignRunView = z.infer<typeof foreignRun>;

/** One import. */
export const foreignSource = z.object({
  sourceId: z.string(),
  kind: z.enum(FOREIGN_KINDS),
  name: z.string(),
  runs: z.int(),
  importedBy: z.string(),
  importedAtMs: timeMs,
});
export type ForeignSourceView = z.infer<typeof foreignSource>;

const foreignMeasurement = z.object({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  unit: z.string().nullable(),
  limits: z.string(),
  outcome,
});

/** An imported run with its steps. */
export const foreignRunDetails = z.object({
  run: foreignRun,
  recipe: z.object({ name: z.string(), version: z.string() }),
  steps: z.array(
    z.object({
      phase: z.string(),
      step: z.string(),
      attempt: z.int(),
      outcome,
      ms: z.number(),
      failure: foreignFailure.nullable(),
      measurements: z.array(foreignMeasurement),
    }),
  ),
});
export type ForeignRunDetails = z.infer<typeof foreignRunDetails>;

export const foreignRunFilter = z.strictObject({
  /** A part of the serial number, MAC or DeviceName. */
  text: z.string().max(128).optional(),
  sourceId: z.string().max(64).optional(),
  outcomes: z.array(z.enum(OUTCOMES)).max(OUTCOMES.length).optional(),
});
export type ForeignRunFilterView = z.infer<typeof foreignRunFilter>;

export const foreignRunCalls = {
  /** Previews an import; the file is kept for the import. Takes minutes for large files. */
  'foreignRuns.preview': call(ENGINEER, z.strictObject(foreignFile), foreignPreview, {
    automatic: false,
    atOnce: false,
  }),
  /** Imports all runs or none: a file with rejected records is refused, unless `skipBad`. The file is deleted afterwards. */
  'foreignRuns.import': call(
    ENGINEER,
    z.strictObject({ ...foreignFile, skipBad: z.boolean().optional() }),
    foreignImport,
    { automatic: false, atOnce: false },
  ),
  /** Deletes an uploaded file that is not imported. */
  'foreignRuns.discard': call(ENGINEER, z.strictObject({ fileId: z.string() }), empty, {
    automatic: false,
    atOnce: false,
  }),
  /** Imported runs that match, newest first. `cursor` is `older` of a page before with the same filter. */
  'foreignRuns.search': call(
    READERS,
    z.strictObject({
      filter: foreignRunFilter.default({}),
      cursor: z.string().max(200).nullable().default(null),
      limit: z.int().min(1).max(MAX_FOREIGN_ROWS).default(50),
    }),
    z.object({
      runs: z.array(foreignRun),
      older: z.string().nullable(),
      /** All that match, counted up to `MAX_COUNTED_FOREIGN`. */
      count: z.object({ runs: z.int(), more: z.boolean() }),
    }),
    { automatic: true, atOnce: false },
  ),
  /** Faults: `not-found`. */
  'foreignRuns.get': call(READERS, z.strictObject({ runId: z.string() }), foreignRunDetails, {
    automatic: false,
    atOnce: false,
  }),
  /** The newest import first. */
  'foreignRuns.sources': call(READERS, empty, z.object({ sources: z.array(foreignSource) }), {
    automatic: true,
    atOnce: false,
  }),
};
