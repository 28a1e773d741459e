import type { Yielder } from '#node-kit/async/index.ts';
import { canonicalJson } from '#shared/codec/canonical-json.ts';

/** Items that become one piece of the text. */
const ITEMS_AT_ONCE = 200;

/** As `canonicalJson`, with turns of the event loop between the items of lists. Faults: those of `Yielder.afterRows`. */
export async function canonicalInTurns(value: unknown, yielder: Yielder): Promise<string> {
  const pieces: string[] = [];
  await write(value, pieces, yielder);
  // Once for the whole text: each join of a large one takes tens of milliseconds.
  return pieces.join('');
}

async function write(value: unknown, pieces: string[], yielder: Yielder): Promise<void> {
  if (Array.isArray(value)) {
    pieces.push('[');
    for (let from = 0; from < value.length; from += ITEMS_AT_ONCE) {
      const items = value.slice(from, from + ITEMS_AT_ONCE);
      pieces.push(from === 0 ? '' : ',', items.map((item) => canonicalJson(item)).join(','));
      await yielder.afterRows(items.length);
    }
    pieces.push(']');
    return;
  }
  if (typeof value !== 'object' || value === null) return void pieces.push(canonicalJson(value));
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  let separator = '{';
  for (const [name, item] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
    pieces.push(separator, canonicalJson(name), ':');
    await write(item, pieces, yielder);
    separator = ',';
  }
  pieces.push(entries.length === 0 ? '{}' : '}');
}
