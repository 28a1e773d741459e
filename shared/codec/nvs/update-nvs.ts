import { Fault } from '../../domain/fault.ts';
import { buildNvsPages, withOtherPieces } from './build-nvs.ts';
import { MAX_NAMESPACES, PAGE_BYTES, SECOND_VERSION } from './layout.ts';
import type { NvsContent, NvsItem, NvsValue } from './nvs-value.ts';
import type { NvsReading } from './read-nvs.ts';
import { inOrderOfPages, type PageWrite, replaceInTurns } from './replace-in-turns.ts';

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
 * Plans the writes that change keys of one namespace and keep all other values of the partition.
 *
 * A loader can only write whole sectors, so that the content is written anew, and compactly. It is written into free pages
 * first; then the old pages are erased. A power cut between two writes leaves each value old or new, and a value that was to
 * be removed is physically erased at the end. Where there are not enough free pages, an old page is erased as soon as all of it
 * is copied, and is the next free one. A partition in which that is not possible is refused.
 *
 * `sizeBytes` is the size of the partition that was read. Faults: `bad-input` when the values do not fit, or not safely.
 */
export function planNvsUpdate(
  reading: Extract<NvsReading, { kind: 'content' }>,
  sizeBytes: number,
  namespace: string,
  changes: readonly NvsChange[],
): NvsUpdate {
  const count = sizeBytes / PAGE_BYTES;
  if (reading.unknownEntries > 0)
    throw new Fault('bad-input', 'the NVS partition has entries of an unknown type, which would be lost', {
      hint: 'Erase the partition first, if nothing in it is needed.',
    });
  const { kept, added, changedKeys } = changed(reading.content, namespace, changes);
  const [mixed] = [...reading.mixedKeys].filter((key) => !changedKeys.has(key));
  if (mixed !== undefined)
    throw new Fault(
      'bad-input',
      `the NVS partition has two values of the key "${mixed.slice(mixed.indexOf(' ') + 1)}", of which one would be lost`,
      {
        hint: 'They have different types. Erase the partition first, if nothing in it is needed.',
      },
    );
  const pages = buildNvsPages(withOtherPieces(kept), reading.nextSequence, count - 1, added);
  if (pages.length > reading.freePages.length) return inTurns(reading, count, kept, added, changedKeys);
  const targets = reading.freePages.slice(0, pages.length);
  const image = new Uint8Array(sizeBytes).fill(0xff);
  const writes: PageWrite[] = pages.map((page, at) => {
    const offset = (targets[at] ?? 0) * PAGE_BYTES;
    image.set(page, offset);
    return { offset, page };
  });
  const isBlankAlready = (page: number): boolean => reading.emptyPages.includes(page);
  for (let page = 0; page < count; page++)
    if (!targets.includes(page) && !isBlankAlready(page))
      writes.push({ offset: page * PAGE_BYTES, page: null });
  return { writes, image };
}

/** The same with fewer free pages than new ones. */
function inTurns(
  reading: Extract<NvsReading, { kind: 'content' }>,
  count: number,
  kept: NvsContent,
  added: readonly NvsItem[],
  changedKeys: ReadonlySet<string>,
): NvsUpdate {
  const ordered = inOrderOfPages(reading, withOtherPieces(kept), changedKeys);
  const pages = buildNvsPages(ordered, reading.nextSequence, count - 1, added);
  const after = { ...kept, items: [...kept.items, ...added] };
  return replaceInTurns(reading, pages, after, changedKeys);
}

interface Changed {
  readonly kept: NvsContent;
  readonly added: readonly NvsItem[];
  /** `index key`. */
  readonly changedKeys: ReadonlySet<string>;
}

/** The content without the changed keys, and the new values; a namespace that is missing gets the lowest free index. */
function changed(content: NvsContent, namespace: string, changes: readonly NvsChange[]): Changed {
  const found = content.namespaces.find(({ name }) => name === namespace);
  const isRemoval = changes.every(({ value }) => value === null);
  if (found === undefined && isRemoval) return { kept: content, added: [], changedKeys: new Set() };
  const index = found?.index ?? freeIndex(content);
  const keys = new Set(changes.map(({ key }) => key));
  const items = content.items.filter((item) => item.namespace !== index || !keys.has(item.key));
  const namespaces =
    found === undefined ? [...content.namespaces, { name: namespace, index }] : content.namespaces;
  const added = changes.flatMap(({ key, value }): NvsItem[] =>
    value === null ? [] : [{ namespace: index, key, value: besideOld(content, index, key, value) }],
  );
  const changedKeys = new Set([...keys].map((key) => `${index} ${key}`));
  return { kept: { ...content, namespaces, items }, added, changedKeys };
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
