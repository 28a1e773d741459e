import type { Yielder } from '#node-kit/async/index.ts';
import { canonicalJson } from '#shared/codec/canonical-json.ts';

/** As `canonicalJson`, with turns of the event loop between the items of lists. Faults: those of `Yielder.afterRows`. */
export async function canonicalInTurns(value: unknown, yielder: Yielder): Promise<string> {
  if (Array.isArray(value)) {
    const items: string[] = [];
    for (const item of value) {
      items.push(canonicalJson(item));
      await yielder.afterRows(1);
    }
    return `[${items.join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) return canonicalJson(value);
  const members: string[] = [];
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  for (const [name, item] of entries.sort(([a], [b]) => (a < b ? -1 : 1)))
    members.push(`${canonicalJson(name)}:${await canonicalInTurns(item, yielder)}`);
  return `{${members.join(',')}}`;
}
