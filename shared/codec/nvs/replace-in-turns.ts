import { Fault } from '../../domain/fault.ts';
import { PAGE_BYTES } from './layout.ts';
import type { NvsContent, NvsItem, NvsNamespace, NvsValue } from './nvs-value.ts';
import { type NvsReading, readNvs } from './read-nvs.ts';

type Reading = Extract<NvsReading, { kind: 'content' }>;

export interface PageWrite {
  /** In the partition, bytes. */
  readonly offset: number;
  /** `null` erases. */
  readonly page: Uint8Array | null;
}

/** Where a key is: the index of its namespace, and its name. */
export type KeyPlace = Pick<NvsItem, 'namespace' | 'key'>;

export interface ChangedKeys {
  /** `index key`. */
  readonly changedKeys: ReadonlySet<string>;
  /** The others say nothing without it. */
  readonly decisive: KeyPlace;
}

const keyOf = ({ namespace, key }: KeyPlace): string => `${namespace} ${key}`;

/**
 * The items in an order in which old pages can be erased early: those of one old page follow each other, and the pages that hold
 * a changed key come last.
 */
export function inOrderOfPages(
  reading: Reading,
  kept: NvsContent,
  changedKeys: ReadonlySet<string>,
): NvsContent {
  const place = new Map<string, number>();
  const pages = usedPages(reading).map((page) => ({ page, keys: keysOf(reading, page) }));
  const isLate = ({ keys }: { readonly keys: ReadonlySet<string> }): boolean =>
    [...keys].some((key) => changedKeys.has(key));
  const ordered = [...pages.filter((one) => !isLate(one)), ...pages.filter(isLate)];
  for (const [at, { keys }] of ordered.entries()) for (const key of keys) place.set(key, at);
  const placeOf = (item: NvsItem): number => place.get(keyOf(item)) ?? 0;
  return { ...kept, items: kept.items.toSorted((a, b) => placeOf(a) - placeOf(b)) };
}

/**
 * Writes new pages one after another into free pages, and erases each old page as soon as nothing in it is needed, which makes the
 * next free page. After each write the partition reads as the old or as the new content: unchanged values are there, and the
 * changed keys are all old, all new, or without the decisive one. Faults: `bad-input` when there is no such order.
 *
 * @param after the content after all writes
 */
export function replaceInTurns(
  reading: Reading,
  pages: readonly Uint8Array[],
  after: NvsContent,
  change: ChangedKeys,
): { readonly writes: readonly PageWrite[]; readonly image: Uint8Array } {
  const writes: PageWrite[] = [];
  let image = Uint8Array.from(reading.partition);
  const free = [...reading.freePages];
  let left = usedPages(reading);
  const isWhole = (now: Uint8Array): boolean => readsAs(now, reading.content, after, change);
  for (const page of pages) {
    const target = free.shift();
    if (target === undefined) throw noRoom(reading);
    const written = withPage(image, target, page);
    // A page that is cut has copies of other pages, and a part of the added items without the decisive one.
    if (!isWhole(withPage(image, target, null)) || !isWhole(written)) throw noRoom(reading);
    image = written;
    writes.push({ offset: target * PAGE_BYTES, page });
    left = left.filter((old) => {
      const erased = withPage(image, old, null);
      if (!isWhole(erased)) return true;
      image = erased;
      writes.push({ offset: old * PAGE_BYTES, page: null });
      free.push(old);
      return false;
    });
  }
  if (left.length > 0) throw noRoom(reading);
  for (let page = 0; page * PAGE_BYTES < image.length; page++) {
    const isDamaged = reading.freePages.includes(page) && !reading.emptyPages.includes(page);
    if (!isDamaged || writes.some(({ offset }) => offset === page * PAGE_BYTES)) continue;
    image = withPage(image, page, null);
    writes.push({ offset: page * PAGE_BYTES, page: null });
  }
  return { writes, image };
}

/**
 * Erases pages that hold nothing but copies of other pages, and parts of an identity that say nothing: a power cut in an earlier change
 * has left them, and in a full partition no other page is free.
 */
export function eraseCopies(
  reading: Reading,
  change: ChangedKeys,
): { readonly writes: readonly PageWrite[]; readonly image: Uint8Array } {
  let image = Uint8Array.from(reading.partition);
  const writes: PageWrite[] = [];
  for (const page of usedPages(reading)) {
    const erased = withPage(image, page, null);
    if (!readsAs(erased, reading.content, reading.content, change)) continue;
    image = erased;
    writes.push({ offset: page * PAGE_BYTES, page: null });
  }
  return { writes, image };
}

/** Pages with data, in order of their numbers. */
function usedPages({ partition, freePages }: Reading): number[] {
  const all = Array.from({ length: partition.length / PAGE_BYTES }, (_, page) => page);
  return all.filter((page) => !freePages.includes(page));
}

/** The keys that are lost with a page. */
function keysOf({ partition, content }: Reading, page: number): ReadonlySet<string> {
  const without = readNvs(withPage(partition, page, null));
  const rest = without.kind === 'content' ? valuesOf(without.content) : new Map<string, NvsValue>();
  const lost = content.items.filter((item) => !isSame(item.value, rest.get(keyOf(item)) ?? null));
  return new Set(lost.map(keyOf));
}

function readsAs(
  image: Uint8Array,
  before: NvsContent,
  after: NvsContent,
  { changedKeys, decisive }: ChangedKeys,
): boolean {
  const reading = readNvs(image);
  if (reading.kind !== 'content') return false;
  const [now, old, new_] = [reading.content, before, after].map(valuesOf) as [Values, Values, Values];
  const has = (expected: Values, keys: Iterable<string>): boolean =>
    [...keys].every((key) => isSame(expected.get(key) ?? null, now.get(key) ?? null));
  const others = [...old.keys()].filter((key) => !changedKeys.has(key));
  const names = new Map(reading.content.namespaces.map(({ name, index }) => [index, name]));
  const isUsed = ({ index }: NvsNamespace): boolean =>
    reading.content.items.some(({ namespace }) => namespace === index);
  // A namespace without keys may be missing for a while.
  const isNamed = before.namespaces.every((one) => !isUsed(one) || names.get(one.index) === one.name);
  const isNone = !now.has(keyOf(decisive));
  return isNamed && has(old, others) && (isNone || has(old, changedKeys) || has(new_, changedKeys));
}

type Values = ReadonlyMap<string, NvsValue>;

function valuesOf({ items }: NvsContent): Values {
  return new Map(items.map((item) => [keyOf(item), item.value]));
}

/** The number of the first piece of a blob is no part of its value. */
function isSame(a: NvsValue | null, b: NvsValue | null): boolean {
  if (a === null || b === null) return a === b;
  if ('value' in a || 'value' in b)
    return 'value' in a && 'value' in b && a.value === b.value && a.type === b.type;
  return (
    a.type === b.type &&
    a.bytes.length === b.bytes.length &&
    a.bytes.every((byte, at) => byte === b.bytes[at])
  );
}

function withPage(image: Uint8Array, number: number, page: Uint8Array | null): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(image);
  if (page === null) copy.fill(0xff, number * PAGE_BYTES, (number + 1) * PAGE_BYTES);
  else copy.set(page, number * PAGE_BYTES);
  return copy;
}

function noRoom({ partition, freePages }: Reading): Fault {
  const pages = partition.length / PAGE_BYTES;
  return new Fault(
    'bad-input',
    `the NVS partition is too full to change it safely: ${freePages.length} of its ${pages} pages are free`,
    {
      hint: 'A power cut could lose values of other programs. Give the partition more pages, or take values out; nothing was written.',
      details: { pages, free: freePages.length },
    },
  );
}
