import { Fault } from '../../domain/fault.ts';
import { buildNvsPages, withOtherPieces } from './build-nvs.ts';
import { MAX_NAMESPACES, PAGE_BYTES, SECOND_VERSION } from './layout.ts';
import type { NvsContent, NvsItem, NvsValue } from './nvs-value.ts';
import type { NvsReading } from './read-nvs.ts';

/** A new value of a key; null removes the key. */
export interface NvsChange {
  readonly key: string;
  readonly value: NvsValue | null;
}

export interface NvsUpdate {
  /** What is written to the partition, in this order; `null` erases. Each is one page. */
  readonly writes: readonly { readonly offset: number; readonly page: Uint8Array | null }[];
  /** The partition after all writes. */
  readonly image: Uint8Array;
}

/**
 * Plans the writes that change keys of one namespace and keep all other values of the partition.
 *
 * A loader can only write whole sectors, so that the content is written anew, and compactly. It is written into free pages
 * first; then the old pages are erased. A power cut between two writes leaves each value old or new, and a value that was to
 * be removed is physically erased at the end. Where there are not enough free pages, the old pages are overwritten, and a
 * power cut may lose values.
 *
 * `sizeBytes` is the size of the partition that was read. Faults: `bad-input` when the values do not fit.
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
  const { kept, added } = changed(reading.content, namespace, changes);
  const pages = buildNvsPages(withOtherPieces(kept), reading.nextSequence, count - 1, added);
  const used = Array.from({ length: count }, (_, page) => page).filter(
    (page) => !reading.freePages.includes(page),
  );
  // The order matters: free pages first.
  const targets = [...reading.freePages, ...used].slice(0, pages.length);
  const image = new Uint8Array(sizeBytes).fill(0xff);
  const writes: { offset: number; page: Uint8Array | null }[] = pages.map((page, at) => {
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

/** The content without the changed keys, and the new values; a namespace that is missing gets the lowest free index. */
function changed(
  content: NvsContent,
  namespace: string,
  changes: readonly NvsChange[],
): { readonly kept: NvsContent; readonly added: readonly NvsItem[] } {
  const found = content.namespaces.find(({ name }) => name === namespace);
  const isRemoval = changes.every(({ value }) => value === null);
  if (found === undefined && isRemoval) return { kept: content, added: [] };
  const index = found?.index ?? freeIndex(content);
  const keys = new Set(changes.map(({ key }) => key));
  const items = content.items.filter((item) => item.namespace !== index || !keys.has(item.key));
  const namespaces =
    found === undefined ? [...content.namespaces, { name: namespace, index }] : content.namespaces;
  const added = changes.flatMap(({ key, value }): NvsItem[] =>
    value === null ? [] : [{ namespace: index, key, value: besideOld(content, index, key, value) }],
  );
  return { kept: { ...content, namespaces, items }, added };
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
