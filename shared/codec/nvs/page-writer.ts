import { Fault } from '../../domain/fault.ts';
import {
  ENTRIES_PER_PAGE,
  ENTRY_BYTES,
  entriesFor,
  entryOffset,
  FORMAT_1,
  FORMAT_2,
  markWritten,
  PAGE_ACTIVE,
  PAGE_BYTES,
  PAGE_FULL,
  viewOf,
} from './layout.ts';
import { entryCrc, headerCrc, nvsCrc } from './nvs-crc.ts';

/** An entry as it is written. */
export interface NewEntry {
  readonly namespace: number;
  readonly code: number;
  readonly piece: number;
  readonly key: string;
  /** Up to eight bytes of a value, or the bytes behind the entry. */
  readonly data: Uint8Array | { readonly payload: Uint8Array };
}

/** Writes entries to one page after another. */
export class PageWriter {
  readonly #pages: Uint8Array[] = [];
  readonly #format: 1 | 2;
  readonly #firstSequence: number;
  readonly #maxPages: number;
  /** Number of entries in the last page. */
  #used = ENTRIES_PER_PAGE;

  constructor(format: 1 | 2, firstSequence: number, maxPages: number) {
    this.#format = format;
    this.#firstSequence = firstSequence;
    this.#maxPages = maxPages;
  }

  /** The pages so far; the last is still open. */
  get pages(): readonly Uint8Array[] {
    return this.#pages;
  }

  /** Entries that fit on the last page. */
  get roomEntries(): number {
    return ENTRIES_PER_PAGE - this.#used;
  }

  /** Bytes that fit behind one entry of the last page. */
  get roomBytes(): number {
    return Math.max(0, ENTRIES_PER_PAGE - this.#used - 1) * ENTRY_BYTES;
  }

  /** Closes the last page. Faults: `bad-input` when the partition has no further page. */
  nextPage(): void {
    if (this.#pages.length >= this.#maxPages)
      throw new Fault(
        'bad-input',
        `the values do not fit into the NVS partition: ${this.#maxPages} of its pages can hold data`,
        {
          hint: 'Give the partition more pages, or take values out.',
          details: { pages: this.#maxPages },
        },
      );
    const last = this.#pages.at(-1);
    if (last !== undefined) viewOf(last).setUint32(0, PAGE_FULL, true);
    const page = new Uint8Array(PAGE_BYTES).fill(0xff);
    const view = viewOf(page);
    view.setUint32(0, PAGE_ACTIVE, true);
    view.setUint32(4, this.#firstSequence + this.#pages.length, true);
    page[8] = this.#format === 2 ? FORMAT_2 : FORMAT_1;
    view.setUint32(28, headerCrc(page), true);
    this.#pages.push(page);
    this.#used = 0;
  }

  /** Faults: `bad-input` when the partition is full. */
  write({ namespace, code, piece, key, data }: NewEntry): void {
    const payload = 'payload' in data ? data.payload : null;
    const span = 1 + entriesFor(payload?.length ?? 0);
    if (this.#used + span > ENTRIES_PER_PAGE) this.nextPage();
    const page = this.#pages.at(-1) ?? new Uint8Array(PAGE_BYTES);
    const entry = page.subarray(entryOffset(this.#used), entryOffset(this.#used + 1));
    entry.set([namespace, code, span, piece]);
    entry.fill(0, 8, 24);
    entry.set(
      Uint8Array.from(key, (char) => char.charCodeAt(0)),
      8,
    );
    if ('payload' in data) {
      viewOf(entry).setUint16(24, data.payload.length, true);
      viewOf(entry).setUint32(28, nvsCrc(data.payload), true);
      page.set(data.payload, entryOffset(this.#used + 1));
    } else entry.set(data, 24);
    viewOf(entry).setUint32(4, entryCrc(entry), true);
    for (let part = 0; part < span; part++) markWritten(page, this.#used + part);
    this.#used += span;
  }
}
