import { z } from 'zod';
import { productId } from '../domain/triple.ts';
import { call, topic } from '../rpc/contract.ts';
import { empty, faultView, timeMs } from './common.ts';

/**
 * How triples (三元组) come into the pool and leave it unused: a CSV that a page has brought, or a block of the
 * registry's. DeviceSecrets are in no answer.
 */
const ENGINEER = ['engineer'] as const;

/** So many bad rows are named one by one; how many there are is said, too. */
export const REJECTED_LISTED = 200;
/** The most that is leased at once. */
export const MAX_LEASE = 10_000;

const column = z.string().min(1).max(200).optional();
/**
 * Which column is what, by its name in the header or its place (`#2`: the second, `#0`: none); it wins over what would be
 * recognised.
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
  /** As the host gave it to the person who brought the file. */
  fileId: z.string(),
  /** Of rows that name none themselves. */
  productId: productId.optional(),
  map: tripleColumnMap.optional(),
  /** False: columns of MACs and serial numbers bind no row to a unit. */
  bind: z.boolean().optional(),
};

const count = z.int();
const columns = z.array(z.string());
/** Something that a person should know of a file although its rows can be read. Lines are those of the file, from 1. */
export const tripleNote = z.discriminatedUnion('kind', [
  /** It was converted from this encoding. */
  z.object({ kind: z.literal('encoding'), encoding: z.enum(['utf-16le', 'utf-16be', 'gb18030']) }),
  /** So many rows above the header, which is in this line, were left out. */
  z.object({ kind: z.literal('titles'), count, line: z.int() }),
  /** The first row is data: the columns are those of the map. */
  z.object({ kind: z.literal('no-header') }),
  /** Columns that nothing is read from. */
  z.object({ kind: z.literal('unused'), columns }),
  /** Rows that only a certain unit gets, and the columns that say which. */
  z.object({ kind: z.literal('bound'), count, columns }),
  /** The serial numbers of a column are 1, 2, 3 …: it numbers the rows. */
  z.object({ kind: z.literal('counted'), columns }),
  /** Numbers that look as if a spreadsheet had rounded them; the first is in this line. */
  z.object({ kind: z.literal('rounded'), count, line: z.int() }),
  /** Cells with characters that nobody sees, which were left out. */
  z.object({ kind: z.literal('invisible'), count }),
  /** Cells written as `="000123"` or `'000123`. */
  z.object({ kind: z.literal('marks'), count }),
  /** Rows that a module with AT commands cannot take, because a part is too long; the first is in this line. */
  z.object({ kind: z.literal('too-long-for-at'), count, line: z.int() }),
  /** What stood behind the last row, from this line on. */
  z.object({ kind: z.literal('end-mark'), mark: z.enum(['ctrl-z', 'nul']), line: z.int() }),
]);
export type TripleNote = z.infer<typeof tripleNote>;

const rejected = {
  /** How many bad rows there are. */
  rejected: z.int(),
  /** The first of them, by line; the header is line 1. */
  rejectedRows: z.array(z.object({ line: z.int(), reason: z.string() })),
};

export const triplePreview = z.object({
  fileName: z.string(),
  delimiter: z.enum([',', ';', '\t', '|']),
  /** Names of the columns; whatever looks like data instead of a name is hidden. */
  header: z.array(z.string()),
  /** Places in the header; `product` is null when the rows do not name one. Null: see `problem`. */
  columns: z
    .object({
      dn: z.int(),
      secret: z.int(),
      product: z.int().nullable(),
      /** For which unit a row is. */
      mac: z.int().nullable(),
      serial: z.int().nullable(),
    })
    .nullable(),
  /** Places of the parts that can be told, also where `columns` is null because another cannot. */
  recognized: z.object({
    dn: z.int().nullable(),
    secret: z.int().nullable(),
    product: z.int().nullable(),
    mac: z.int().nullable(),
    serial: z.int().nullable(),
  }),
  /** Why the columns cannot be told: map them and ask again. Nothing of the rows is known then. */
  problem: faultView.nullable(),
  rows: z.int(),
  /** Triples that would be added; with bad rows in the file only if those are skipped. */
  good: z.int(),
  /** Of those, per product. */
  products: z.array(z.object({ productId: z.string(), triples: z.int() })),
  ...rejected,
  notes: z.array(tripleNote),
  /** A few of the good rows; what could be a secret in the wrong column is masked. `unit`: the one it is for. */
  examples: z.array(
    z.object({
      line: z.int(),
      productId: z.string(),
      deviceName: z.string(),
      unit: z.string().nullable(),
    }),
  ),
  /** After a restore that saw too little: when it was. Then somebody must vouch that these names were never used. */
  restoredAtMs: timeMs.nullable(),
});
export type TriplePreview = z.infer<typeof triplePreview>;

export const tripleImport = z.object({ rows: z.int(), added: z.int(), skipped: z.int(), ...rejected });
export type TripleImport = z.infer<typeof tripleImport>;

export const tripleCalls = {
  /** What an import would do. The file stays for the import. Long for large files: give it minutes. */
  'triples.preview': call(ENGINEER, z.strictObject(tripleFile), triplePreview),
  /**
   * All rows or none; with bad rows in it nothing is added, unless `skipBad`. Cancelled, nothing was added. The file is
   * gone once something of it was taken.
   */
  'triples.import': call(
    ENGINEER,
    z.strictObject({
      ...tripleFile,
      skipBad: z.boolean().optional(),
      /** The person vouches for it; see `restoredAtMs`. */
      neverUsed: z.boolean().optional(),
    }),
    tripleImport,
  ),
  /** Throws a file away that was brought and is not wanted: it is full of secrets. */
  'triples.discard': call(ENGINEER, z.strictObject({ fileId: z.string() }), empty),
  /** Takes a block from the registry, for work offline. */
  'triples.lease': call(
    ENGINEER,
    z.strictObject({ productId, count: z.int().min(1).max(MAX_LEASE) }),
    z.object({ leased: z.int(), available: z.int() }),
  ),
  /** How many leased triples no unit ever claimed, per product: what could be given back. */
  'triples.unused': call(
    ENGINEER,
    empty,
    z.object({ products: z.array(z.object({ productId: z.string(), triples: z.int() })) }),
  ),
  /** Gives those of one product back to the registry. */
  'triples.giveBack': call(
    ENGINEER,
    z.strictObject({ productId }),
    z.object({
      returned: z.int(),
      refused: z.array(z.object({ deviceName: z.string(), reason: z.string() })),
    }),
  ),
};

export const importsState = z.object({
  /** Files being read, oldest first, and how many rows of each were read. */
  running: z.array(z.object({ fileId: z.string(), kind: z.enum(['preview', 'import']), rows: z.int() })),
});
export type ImportsState = z.infer<typeof importsState>;

export const tripleTopics = {
  /** How far the reading of each file has come; told a few times a second. */
  imports: topic(ENGINEER, { snapshot: importsState, delta: importsState, apply: (_, next) => next }),
};
