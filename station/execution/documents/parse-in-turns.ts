import type { Yielder } from '#node-kit/async/index.ts';
import { parseJsonOrNull } from '#shared/codec/parse-json.ts';

/** The beginning of an entry of a list. It is in no text of the file, where each quotation mark follows a backslash. */
const ENTRY = /[[,](?=\{"deviceName":)/g;
/** Entries that are parsed in one turn of the event loop, in a millisecond. */
const ENTRIES_AT_ONCE = 200;

/**
 * The value of a signed document as the station has stored it, as `JSON.parse` gives it, with turns of the event loop between the
 * entries of its lists; null for another text. Faults: those of `Yielder.afterRows`.
 */
export async function parseInTurns(text: string, yielder: Yielder): Promise<unknown> {
  const lists: unknown[][] = [];
  // The text with the number of each list in place of its entries.
  let skeleton = '';
  let at = 0;
  for (let begin = nextEntry(text, 0); begin !== null;) {
    const entries: unknown[] = [];
    skeleton += text.slice(at, begin.at);
    let from = begin.at;
    let next: Entry | null = begin;
    for (;;) {
      let until = from;
      let count = 0;
      do {
        next = nextEntry(text, until + 1);
        if (next === null || next.isFirst) break;
        until = next.at - 1;
        count += 1;
      } while (count < ENTRIES_AT_ONCE);
      if (count > 0) {
        const parsed = parseJsonOrNull(`[${text.slice(from, until)}]`);
        if (!Array.isArray(parsed)) return null;
        for (const entry of parsed) entries.push(entry);
        await yielder.afterRows(count);
        from = until + 1;
      }
      if (next === null || next.isFirst) break;
    }
    const last = lastEntry(text, from);
    if (last === null) return null;
    entries.push(last.entry);
    skeleton += String(lists.length);
    lists.push(entries);
    at = last.end;
    begin = next;
  }
  return withLists(parseJsonOrNull(skeleton + text.slice(at)), lists);
}

interface Entry {
  readonly at: number;
  readonly isFirst: boolean;
}

function nextEntry(text: string, from: number): Entry | null {
  ENTRY.lastIndex = from;
  const found = ENTRY.exec(text);
  return found === null ? null : { at: found.index + 1, isFirst: found[0] === '[' };
}

/** The last entry of a list: the shortest text before `}]` that is whole. A text of the entry may have these characters, too. */
function lastEntry(text: string, from: number): { readonly entry: unknown; readonly end: number } | null {
  for (let end = text.indexOf('}]', from); end >= 0; end = text.indexOf('}]', end + 1)) {
    const entry = parseJsonOrNull(text.slice(from, end + 1));
    if (entry !== null) return { entry, end: end + 1 };
  }
  return null;
}

/** Puts the lists in the places of their numbers; a balance has no other lists of numbers. */
function withLists(value: unknown, lists: readonly unknown[][]): unknown {
  if (lists.length === 0) return value;
  if (Array.isArray(value)) {
    const [first] = value as unknown[];
    return typeof first === 'number' ? (lists[first] ?? value) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  for (const [name, item] of Object.entries(value))
    (value as Record<string, unknown>)[name] = withLists(item, lists);
  return value;
}
