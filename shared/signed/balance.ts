import { z } from 'zod';
import { DOCUMENT_VERSION } from './document-kind.ts';

/**
 * The lists of a balance. Each identity that a batch has issued is in exactly one of them.
 *
 * `registered`: burned, read back and acknowledged by the registry. `retired`: never used again. `quarantined`: support
 * decides. `returned`: back in the pool, or issued by another batch since. `inDoubt`: its burn was interrupted, and only its
 * unit can show the result. `open`: not settled, or contradictory; with one of these a batch cannot be closed.
 */
export const BALANCE_LISTS = ['registered', 'retired', 'quarantined', 'returned', 'inDoubt', 'open'] as const;
export type BalanceList = (typeof BALANCE_LISTS)[number];

/** Why an identity is in `open`; `todo` of the page and of the terminal says what to do. */
export const OPEN_REASONS = [
  /** Bound to a unit, and nothing was written, or it was read as absent. */
  'claimed',
  /** It is being written. */
  'burning',
  /** Burned, and the message about it is not sent. */
  'not-sent',
  /** Burned, and the registry has refused the message about it. */
  'refused',
  /** Burned, and a person has set the message about it aside. */
  'set-aside',
  /** Burned, and no message about it waits: its run has not passed. */
  'not-reported',
  /** Retired, and the registry does not know it yet. */
  'retirement-not-sent',
  /** State, history and unit contradict each other at this station. */
  'contradiction',
  /** The registry says something else about it. */
  'registry-differs',
  /** A test has bound its unit to a station at the registry, and it was not released. */
  'still-bound',
] as const;
export type OpenReason = (typeof OPEN_REASONS)[number];

/** UTC, as `2026-12-01T04:37:06.000Z`. */
const instant = z.iso.datetime();

export const balanceEntry = z.object({
  productId: z.string(),
  deviceName: z.string(),
  serialNumber: z.string().nullable(),
  /** MAC, chip id or reported serial number of the unit that it was issued for. */
  unit: z.string().nullable(),
  /** When it came into this state. */
  since: instant,
  /** The note of the ledger about that. */
  why: z.string(),
  /** The run that did it; null for a return, a write-off and what the registry said. */
  run: z.string().nullable(),
  /** Of an open identity. `detail` is what contradicts, in words. */
  open: z.object({ reason: z.enum(OPEN_REASONS), detail: z.string() }).optional(),
});
export type BalanceEntry = z.infer<typeof balanceEntry>;

const counts = z.object({
  issued: z.int().min(0),
  registered: z.int().min(0),
  retired: z.int().min(0),
  quarantined: z.int().min(0),
  returned: z.int().min(0),
  inDoubt: z.int().min(0),
  open: z.int().min(0),
});
export type BalanceCounts = z.infer<typeof counts>;
export const balanceCounts = counts;

/** An identity that is in another list than in the balance before; null: it was or is in none. */
export const balanceChange = z.object({
  productId: z.string(),
  deviceName: z.string(),
  from: z.enum(BALANCE_LISTS).nullable(),
  to: z.enum(BALANCE_LISTS).nullable(),
});
export type BalanceChange = z.infer<typeof balanceChange>;

/** The balance of a batch: issued = registered + retired + quarantined + returned + in doubt + open. */
export const batchBalance = z.object({
  kind: z.literal('batch-balance'),
  version: z.literal(DOCUMENT_VERSION),
  /** The station that signed. */
  station: z.string(),
  signedAt: instant,
  signedBy: z.string(),
  appVersion: z.string(),
  batch: z.object({
    id: z.string(),
    name: z.string(),
    productId: z.string(),
    quantity: z.int(),
    createdAt: instant,
    /** Null while it takes runs. */
    closed: z.object({ at: instant, by: z.string() }).nullable(),
    recipe: z.object({ name: z.string(), version: z.string(), hash: z.string(), locked: z.boolean() }),
    firmware: z.object({ version: z.string().nullable(), sha256: z.string() }).nullable(),
  }),
  /** Units by their latest run in this batch, and all runs. */
  units: z.object({ passed: z.int(), notPassed: z.int(), runs: z.int(), running: z.int() }),
  /** Units of this batch that hold an identity that another batch, or none, has issued. */
  fromElsewhere: z.int(),
  counts,
  /** False with an open identity or a run that has not ended. */
  addsUp: z.boolean(),
  /** When each identity was compared with the registry; null when it was not. */
  comparedWithRegistryAt: instant.nullable(),
  lists: z.object({
    registered: z.array(balanceEntry),
    retired: z.array(balanceEntry),
    quarantined: z.array(balanceEntry),
    returned: z.array(balanceEntry),
    inDoubt: z.array(balanceEntry),
    open: z.array(balanceEntry),
  }),
  /** The signed balance before, and what has changed since. */
  previous: z.object({ sha256: z.string(), signedAt: instant, changes: z.array(balanceChange) }).nullable(),
});
export type BatchBalance = z.infer<typeof batchBalance>;

/** Called after each so many entries: a station lets its other work go on. */
export type AfterEntries = (entries: number) => Promise<void>;

/** What is in another list than in an earlier balance. Faults: those of `afterEntries`. */
export async function balanceChanges(
  before: BatchBalance,
  after: Pick<BatchBalance, 'lists'>,
  afterEntries: AfterEntries,
): Promise<BalanceChange[]> {
  const was = await placesOf(before, afterEntries);
  const is = await placesOf(after, afterEntries);
  const changes: BalanceChange[] = [];
  for (const [key, { name, list }] of is) {
    const from = was.get(key)?.list ?? null;
    if (from !== list) changes.push({ ...name, from, to: list });
    await afterEntries(1);
  }
  for (const [key, { name, list }] of was) {
    if (!is.has(key)) changes.push({ ...name, from: list, to: null });
    await afterEntries(1);
  }
  return changes;
}

interface Place {
  readonly name: Pick<BalanceEntry, 'productId' | 'deviceName'>;
  readonly list: BalanceList;
}

async function placesOf(
  { lists }: Pick<BatchBalance, 'lists'>,
  afterEntries: AfterEntries,
): Promise<Map<string, Place>> {
  const places = new Map<string, Place>();
  for (const list of BALANCE_LISTS)
    for (const { productId, deviceName } of lists[list]) {
      places.set(`${productId}/${deviceName}`, { name: { productId, deviceName }, list });
      await afterEntries(1);
    }
  return places;
}
