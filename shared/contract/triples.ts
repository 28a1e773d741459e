import { z } from 'zod';
import { productId } from '../domain/triple.ts';
import { call, topic } from '../rpc/contract.ts';
import { empty, faultView, timeMs } from './common.ts';

/**
 * Import of triples (三元组) from an uploaded CSV file, and lease and return of triples of the registry. No answer contains
 * a DeviceSecret.
 */
const ENGINEER = ['engineer'] as const;

/** The most bad rows that are listed; their total number is reported as well. */
export const REJECTED_LISTED = 200;
/** The most triples in one lease. */
export const MAX_LEASE = 10_000;

const column = z.string().min(1).max(200).optional();
/**
 * The columns, by name in the header or by position (`#2`: the second, `#0`: none); it overrides the recognised columns.
 */
export const tripleColumnMap = z.strictObject({
  dn: column,
  secret: column,
  product: column,
  mac: column,
  serial: column,
});
export type TripleColumnMap = z.infer<typeof tripleColumnMap>;

const tripleFile = {
  /** The id that the host returned for the upload. */
  fileId: z.string(),
  /** The ProductId of rows without one. */
  productId: productId.optional(),
  map: tripleColumnMap.optional(),
  /** False: columns with MACs and serial numbers are ignored and bind no row to a unit. */
  bind: z.boolean().optional(),
};

const count = z.int();
const columns = z.array(z.string());
/** A notice about a file whose rows can be read. Lines are those of the file, from 1. */
export const tripleNote = z.discriminatedUnion('kind', [
  /** It was converted from this encoding. */
  z.object({ kind: z.literal('encoding'), encoding: z.enum(['utf-16le', 'utf-16be', 'gb18030']) }),
  /** Rows above the header, which is in this line, were skipped. */
  z.object({ kind: z.literal('titles'), count, line: z.int() }),
  /** The first row is data: the columns are those of the map. */
  z.object({ kind: z.literal('no-header') }),
  /** Columns that are not used. */
  z.object({ kind: z.literal('unused'), columns }),
  /** Rows that are bound to one unit each, and the columns with these units. */
  z.object({ kind: z.literal('bound'), count, columns }),
  /** The serial numbers of a column are 1, 2, 3 …: probably row numbers. */
  z.object({ kind: z.literal('counted'), columns }),
  /** Numbers that look as if a spreadsheet had rounded them; the first is in this line. */
  z.object({ kind: z.literal('rounded'), count, line: z.int() }),
  /** Cells with invisible characters, which were removed. */
  z.object({ kind: z.literal('invisible'), count }),
  /** Cells written as `="000123"` or `'000123`. */
  z.object({ kind: z.literal('marks'), count }),
  /** Rows that a module with AT commands cannot take, because a part is too long; the first is in this line. */
  z.object({ kind: z.literal('too-long-for-at'), count, line: z.int() }),
  /** The end-of-file marker after the last row, from this line on. */
  z.object({ kind: z.literal('end-mark'), mark: z.enum(['ctrl-z', 'nul']), line: z.int() }),
]);
export type TripleNote = z.infer<typeof tripleNote>;

const rejected = {
  /** Number of bad rows. */
  rejected: z.int(),
  /** The first bad rows, by line; the header is line 1. */
  rejectedRows: z.array(z.object({ line: z.int(), reason: z.string() })),
};

export const triplePreview = z.object({
  fileName: z.string(),
  delimiter: z.enum([',', ';', '\t', '|']),
  /** Names of the columns; a name that looks like data is hidden. */
  header: z.array(z.string()),
  /** Positions in the header; `product` is null when there is no such column. Null: see `problem`. */
  columns: z
    .object({
      dn: z.int(),
      secret: z.int(),
      product: z.int().nullable(),
      /** The columns with the unit of a row. */
      mac: z.int().nullable(),
      serial: z.int().nullable(),
    })
    .nullable(),
  /** Positions of the recognised columns, also when `columns` is null because another column is missing. */
  recognized: z.object({
    dn: z.int().nullable(),
    secret: z.int().nullable(),
    product: z.int().nullable(),
    mac: z.int().nullable(),
    serial: z.int().nullable(),
  }),
  /** Why the columns are not recognised: map them and preview again. The rows were not read then. */
  problem: faultView.nullable(),
  rows: z.int(),
  /** Number of triples that would be added; if there are bad rows, only with `skipBad`. */
  good: z.int(),
  /** The same per product. */
  products: z.array(z.object({ productId: z.string(), triples: z.int() })),
  ...rejected,
  notes: z.array(tripleNote),
  /** A few good rows; values that may be secrets in a wrong column are masked. `unit`: the unit it is bound to. */
  examples: z.array(
    z.object({
      line: z.int(),
      productId: z.string(),
      deviceName: z.string(),
      unit: z.string().nullable(),
    }),
  ),
  /** The time of an incomplete restore; after it a person must confirm that these names were never used. */
  restoredAtMs: timeMs.nullable(),
});
export type TriplePreview = z.infer<typeof triplePreview>;

export const tripleImport = z.object({ rows: z.int(), added: z.int(), skipped: z.int(), ...rejected });
export type TripleImport = z.infer<typeof tripleImport>;

export const tripleCalls = {
  /** Previews an import; the file is kept for the import. Takes minutes for large files. */
  'triples.preview': call(ENGINEER, z.strictObject(tripleFile), triplePreview, {
    automatic: false,
    atOnce: false,
  }),
  /**
   * Imports all rows or none: a file with bad rows is refused, unless `skipBad`. A cancelled import adds nothing. The file is
   * deleted after a successful import.
   */
  'triples.import': call(
    ENGINEER,
    z.strictObject({
      ...tripleFile,
      skipBad: z.boolean().optional(),
      /** The confirmation of the person; see `restoredAtMs`. */
      neverUsed: z.boolean().optional(),
    }),
    tripleImport,
    { automatic: false, atOnce: false },
  ),
  /** Deletes an uploaded file that is not imported, because it contains secrets. */
  'triples.discard': call(ENGINEER, z.strictObject({ fileId: z.string() }), empty, {
    automatic: false,
    atOnce: false,
  }),
  /** Leases triples from the registry, for work offline. */
  'triples.lease': call(
    ENGINEER,
    z.strictObject({ productId, count: z.int().min(1).max(MAX_LEASE) }),
    z.object({ leased: z.int(), available: z.int() }),
    { automatic: false, atOnce: false },
  ),
  /** Number of leased triples that were never claimed, per product; they can be returned. */
  'triples.unused': call(
    ENGINEER,
    empty,
    z.object({ products: z.array(z.object({ productId: z.string(), triples: z.int() })) }),
    { automatic: false, atOnce: false },
  ),
  /** Returns the unclaimed triples of one product to the registry. */
  'triples.giveBack': call(
    ENGINEER,
    z.strictObject({ productId }),
    z.object({
      returned: z.int(),
      refused: z.array(z.object({ deviceName: z.string(), reason: z.string() })),
    }),
    { automatic: false, atOnce: false },
  ),
};

export const importsState = z.object({
  /** The files that are being read, oldest first, with the number of rows so far. */
  running: z.array(z.object({ fileId: z.string(), kind: z.enum(['preview', 'import']), rows: z.int() })),
});
export type ImportsState = z.infer<typeof importsState>;

export const tripleTopics = {
  /** The progress of reading each file, a few times a second. */
  imports: topic(ENGINEER, { snapshot: importsState, delta: importsState, apply: (_, next) => next }),
};
