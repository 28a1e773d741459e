import { Fault } from '../../domain/fault.ts';
import { buildNvsPages, withOtherPieces } from './build-nvs.ts';
import { MAX_NAMESPACES, PAGE_BYTES, SECOND_VERSION } from './layout.ts';
import { findNvsValue, type NvsContent, type NvsItem, type NvsValue } from './nvs-value.ts';
import { type NvsReading, readNvs } from './read-nvs.ts';
import {
  type ChangedKeys,
  eraseCopies,
  inOrderOfPages,
  type KeyPlace,
  type PageWrite,
  replaceInTurns,
} from './replace-in-turns.ts';

/** A new value of a key; null removes the key. */
export interface NvsChange {
  readonly key: string;
  readonly value: NvsValue | null;
}

export interface NvsUpdate {
  /** What is written to the partition, in this order; `null` erases. Each is one page. */
  readonly writes: readonly PageWrite[];
  /** The partition after all writes. */
  readonly image: Uint8Array;
}

/**
 * Plans the writes that change keys of one namespace and keep all other values of the partition. The key of the last change is the
 * decisive one: without it the other changed keys say nothing.
 *
 * A loader can only write whole sectors, so that the content is written anew, and compactly. It is written into free pages
 * first; then the old pages are erased. Where there are not enough free pages, an old page is erased as soon as all of it is copied,
 * and is the next free one. A partition in which that is not possible is refused.
 *
 * A power cut may come between two writes, or after any byte of one. Values that do not change are there then. The changed keys are
 * all old, or all new, or the decisive one is missing: a page that is cut has its first entries, so that the decisive key is the last
 * entry that is written and the first that is erased. Where it has an old value, all changed keys are removed before any of
 * them is written. A value that was removed is physically erased at the end.
 *
 * `sizeBytes` is the size of the partition that was read. Faults: `bad-input` when the values do not fit, or not safely.
 */
export function planNvsUpdate(
  reading: Content,
  sizeBytes: number,
  namespace: string,
  changes: readonly NvsChange[],
): NvsUpdate {
  if (reading.unknownEntries > 0)
    throw new Fault('bad-input', 'the NVS partition has entries of an unknown type, which would be lost', {
      hint: 'Erase the partition first, if nothing in it is needed.',
    });
  const { changedKeys } = changed(reading.content, namespace, changes);
  const [mixed] = [...reading.mixedKeys].filter((key) => !changedKeys.has(key));
  if (mixed !== undefined)
    throw new Fault(
      'bad-input',
      `the NVS partition has two values of the key "${mixed.slice(mixed.indexOf(' ') + 1)}", of which one would be lost`,
      {
        hint: 'They have different types. Erase the partition first, if nothing in it is needed.',
      },
    );
  const decisive = changes.at(-1)?.key ?? '';
  const isRemoval = changes.every(({ value }) => value === null);
  if (isRemoval || findNvsValue(reading.content, namespace, decisive) === null)
    return planPass(reading, sizeBytes, namespace, changes);
  const removal = changes.map(({ key }): NvsChange => ({ key, value: null }));
  const first = planPass(reading, sizeBytes, namespace, removal);
  const second = planPass(readContent(first.image), sizeBytes, namespace, changes);
  return { writes: [...first.writes, ...second.writes], image: second.image };
}

type Content = Extract<NvsReading, { kind: 'content' }>;

/** Removes the changed keys, or writes them where the decisive one has no value. */
function planPass(
  reading: Content,
  sizeBytes: number,
  namespace: string,
  changes: readonly NvsChange[],
): NvsUpdate {
  const count = sizeBytes / PAGE_BYTES;
  const change = changed(reading.content, namespace, changes);
  const { kept, added, decisive } = change;
  const pages = buildNvsPages(withOtherPieces(kept), reading.nextSequence, count - 1, added);
  if (pages.length > reading.freePages.length) {
    const erased = eraseCopies(reading, change);
    if (erased.writes.length === 0) return inTurns(reading, count, change);
    const rest = planPass(readContent(erased.image), sizeBytes, namespace, changes);
    return { writes: [...erased.writes, ...rest.writes], image: rest.image };
  }
  const targets = reading.freePages.slice(0, pages.length);
  const image = Uint8Array.from(reading.partition);
  const writes: PageWrite[] = pages.map((page, at) => {
    const offset = (targets[at] ?? 0) * PAGE_BYTES;
    image.set(page, offset);
    return { offset, page };
  });
  const isFree = (page: number): boolean => reading.freePages.includes(page);
  const isBlankAlready = (page: number): boolean => reading.emptyPages.includes(page);
  const all = Array.from({ length: count }, (_, page) => page);
  const old = inOrderOfErasing(
    image,
    all.filter((page) => !isFree(page)),
    decisive,
  );
  const damaged = all.filter((page) => isFree(page) && !targets.includes(page) && !isBlankAlready(page));
  for (const page of [...old, ...damaged]) {
    image.fill(0xff, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    writes.push({ offset: page * PAGE_BYTES, page: null });
  }
  return { writes, image };
}

function readContent(image: Uint8Array): Content {
  const reading = readNvs(image);
  if (reading.kind !== 'content') throw new Error('a planned image cannot be read');
  return reading;
}

/**
 * The old pages, the one with the decisive key first: the other keys say nothing without it. Where a power cut of the library has left two
 * values of it on two pages, no page is the one, and the order is that of the pages.
 */
function inOrderOfErasing(
  image: Uint8Array,
  pages: readonly number[],
  { namespace, key }: KeyPlace,
): readonly number[] {
  const without = (page: number): Uint8Array => {
    const copy = Uint8Array.from(image);
    copy.fill(0xff, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    return copy;
  };
  const hasKey = (partition: Uint8Array): boolean => {
    const reading = readNvs(partition);
    return (
      reading.kind === 'content' &&
      reading.content.items.some((item) => item.namespace === namespace && item.key === key)
    );
  };
  if (!hasKey(image)) return pages;
  const decisive = pages.find((page) => !hasKey(without(page)));
  return decisive === undefined ? pages : [decisive, ...pages.filter((page) => page !== decisive)];
}

/** The same with fewer free pages than new ones. */
function inTurns(reading: Content, count: number, change: Changed): NvsUpdate {
  const { kept, added, changedKeys } = change;
  const ordered = inOrderOfPages(reading, withOtherPieces(kept), changedKeys);
  const pages = buildNvsPages(ordered, reading.nextSequence, count - 1, added);
  const after = { ...kept, items: [...kept.items, ...added] };
  return replaceInTurns(reading, pages, after, change);
}

interface Changed extends ChangedKeys {
  readonly kept: NvsContent;
  readonly added: readonly NvsItem[];
}

/** The content without the changed keys, and the new values; a namespace that is missing gets the lowest free index. */
function changed(content: NvsContent, namespace: string, changes: readonly NvsChange[]): Changed {
  const found = content.namespaces.find(({ name }) => name === namespace);
  const isRemoval = changes.every(({ value }) => value === null);
  if (found === undefined && isRemoval)
    return { kept: content, added: [], changedKeys: new Set(), decisive: { namespace: 0, key: '' } };
  const index = found?.index ?? freeIndex(content);
  const keys = new Set(changes.map(({ key }) => key));
  const items = content.items.filter((item) => item.namespace !== index || !keys.has(item.key));
  const namespaces =
    found === undefined ? [...content.namespaces, { name: namespace, index }] : content.namespaces;
  const added = changes.flatMap(({ key, value }): NvsItem[] =>
    value === null ? [] : [{ namespace: index, key, value: besideOld(content, index, key, value) }],
  );
  const changedKeys = new Set([...keys].map((key) => `${index} ${key}`));
  const decisive = { namespace: index, key: changes.at(-1)?.key ?? '' };
  return { kept: { ...content, namespaces, items }, added, changedKeys, decisive };
}

/** A new blob is numbered from where the old one of this key is not. */
function besideOld(content: NvsContent, namespace: number, key: string, value: NvsValue): NvsValue {
  if (value.type !== 'blob') return value;
  const old = content.items.find((item) => item.namespace === namespace && item.key === key)?.value;
  const firstPiece = old?.type === 'blob' && old.firstPiece === 0 ? SECOND_VERSION : 0;
  return { ...value, firstPiece };
}

function freeIndex({ namespaces, items }: NvsContent): number {
  const taken = new Set([...namespaces.map(({ index }) => index), ...items.map((item) => item.namespace)]);
  for (let index = 1; index <= MAX_NAMESPACES; index++) if (!taken.has(index)) return index;
  throw new Fault(
    'bad-input',
    `the NVS partition has ${MAX_NAMESPACES} namespaces already, which are all that it can hold`,
  );
}
