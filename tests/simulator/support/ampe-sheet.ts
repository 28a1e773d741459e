import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type Message = Readonly<Record<string, unknown>>;

/** Document 004 as data: what it prints of each action and each listener, with sample values of our own. */
export interface AmpeSheet {
  readonly calls: readonly { readonly call: string; readonly params: Message }[];
  readonly actions: Readonly<
    Record<string, { readonly required: readonly string[]; readonly optional: readonly string[] }>
  >;
  readonly exchanges: readonly {
    readonly section: string;
    readonly request: Message & { readonly action: string; readonly params?: Message };
    /** Several where the document prints several cases; none where it prints none. */
    readonly replies: readonly Message[];
    readonly failures: readonly Message[];
  }[];
  readonly listeners: readonly {
    readonly listener: string;
    readonly startedBy: string | null;
    readonly endedBy: string | null;
    readonly deliveries: readonly { readonly data: Message }[];
  }[];
}

export const AMPE_SHEET_PATH = fileURLToPath(new URL('../../fixtures/ampe/sheet.json', import.meta.url));
export const AMPE_PEER_PATH = fileURLToPath(new URL('../../fixtures/ampe/bridge-peer.mjs', import.meta.url));
export const AMPE_SHEET = JSON.parse(readFileSync(AMPE_SHEET_PATH, 'utf8')) as AmpeSheet;

/** Keys and types without the values; JSON text of an object is told from other text. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((item) => JSON.stringify(shapeOf(item))))];
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, item]) => [key, shapeOf(item)]));
  }
  if (typeof value === 'string' && value.startsWith('{')) return { 'JSON text': shapeOf(JSON.parse(value)) };
  return typeof value;
}

/** Every path into a message, as the verb `ampe` writes it: keys without blanks, list elements by their number. */
export function pathsOf(value: unknown, prefix = ''): string[] {
  const opened: unknown = typeof value === 'string' && value.startsWith('{') ? JSON.parse(value) : value;
  if (typeof opened !== 'object' || opened === null) return prefix === '' ? [] : [prefix];
  return [
    ...(prefix === '' ? [] : [prefix]),
    ...Object.entries(opened).flatMap(([key, item]) =>
      pathsOf(item, prefix === '' ? key.trim() : `${prefix}.${key}`),
    ),
  ];
}
