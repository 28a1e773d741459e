import { MASK } from '../../core/secret-mask/index.ts';
import type { AttemptJson, Entry, FaultJson, Header, Json } from './format.ts';

/*
 * Recordings of earlier versions, read as entries of today. Version 2 has the same entries under one-letter names.
 * Version 1 has bytes, phases and steps only: it can be shown, not replayed.
 */

export const FORMAT_1 = 'recording/1';
export const FORMAT_2 = 'recording/2';

/** Version 2 wrote as many asterisks as a secret in a text has characters. */
const LONG_MASK = /\*{8,}/g;

interface OldHeader {
  readonly gongwei: string;
  readonly run?: string;
  readonly return?: string;
  readonly recipe?: string;
  readonly source?: string;
  readonly files?: Header['recipeFiles'];
  readonly batch?: string;
  readonly registry?: boolean;
  readonly tellsLogins?: boolean;
  readonly board?: string | null;
  readonly at?: number;
}

/** An entry of version 2; which fields it has depends on `d`. */
interface OldEntry {
  readonly d: string;
  readonly ms: number;
  readonly c?: readonly number[];
  readonly wall?: readonly number[];
  /** Bytes, or the text of a phase, step or comment. */
  readonly b?: string;
  readonly h?: number;
  readonly s?: string;
  readonly p?: number;
  readonly n?: number;
  readonly k?: string;
  readonly key?: string;
  readonly how?: string;
  readonly v?: Json;
  readonly fault?: FaultJson;
  readonly of?: number;
  readonly for?: number;
  readonly r?: AttemptJson;
  readonly outcome?: string;
  readonly failure?: Json;
  readonly after?: number;
  readonly end?: number;
  readonly len?: number;
  readonly form?: number;
}

/** The header of version 1 or 2 in the names of today; null for other values. */
export function fromOldHeader(header: object): Header | null {
  const old = header as OldHeader & Omit<Header, keyof OldHeader>;
  if (old.gongwei !== FORMAT_1 && old.gongwei !== FORMAT_2) return null;
  const {
    run: runId,
    return: returnId,
    recipe: recipeHash,
    source: recipeSource,
    files: recipeFiles,
    batch: batchId,
    registry: hasRegistry,
    tellsLogins: reportsLogins,
    board: boardPort,
    at: startedAtMs,
    ...same
  } = old;
  const renamed = {
    runId,
    returnId,
    recipeHash,
    recipeSource,
    recipeFiles,
    batchId,
    hasRegistry,
    reportsLogins,
    boardPort,
    startedAtMs,
  };
  return { ...same, ...defined(renamed) };
}

/** An entry of version 1 or 2 in the names of today; null for values that are none. */
export function fromOldEntry(line: object): Entry | null {
  const old = line as OldEntry;
  if (typeof old.d !== 'string' || typeof old.ms !== 'number') return null;
  const own = fieldsOf(old);
  return own === null
    ? null
    : (defined({ atMs: old.ms, ...own, clock: old.c, wallClock: old.wall }) as Entry);
}

function fieldsOf(old: OldEntry): object | null {
  const bytes = { bytes: old.b, heldBack: old.h, stream: old.s };
  const result = { value: old.v, fault: old.fault };
  switch (old.d) {
    case '>':
      return { type: 'tx', port: old.p, ...bytes };
    case '<':
      return { type: 'rx', port: old.p, ...bytes };
    case '#': {
      const [, type = 'step', name = old.b] = /^(phase|step) (.*)$/s.exec(old.b ?? '') ?? [];
      return { type, name, timers: old.n };
    }
    case '?':
      return { type: 'request', kind: old.k, key: old.key, parameters: old.how, ...bytes };
    case '=':
      return { type: 'reply', request: old.of, ...result, ...bytes };
    case '~':
      return { type: 'notification', request: old.of, ...result, ...bytes };
    case 'i':
      return { type: 'input', kind: old.k, key: old.key, ...result };
    case 't':
      return { type: 'timer', timer: old.n, durationMs: old.for };
    case 'w':
      return { type: 'tx-done', tx: old.of, fault: old.fault };
    case 'x':
      return { type: 'port-lost', port: old.p, fault: old.fault };
    case '!':
      return { type: 'stop', fault: old.fault };
    case 'r':
      return { type: 'attempt', attempt: shortenMasks(old.r), timers: old.n };
    case 'v':
      return { type: 'outcome', outcome: old.outcome, failure: shortenMasks(old.failure) };
    case 'n':
      return { type: 'comment', text: old.b };
    case '+':
      return { type: 'late-bytes', entry: old.of, bytes: old.b };
    case 'c':
      return { type: 'truncated', characters: old.after };
    case '*':
      return { type: 'masked', stream: old.s, end: old.end, length: old.len, form: old.form };
    default:
      return null;
  }
}

function shortenMasks(value: unknown): unknown {
  return value === undefined
    ? value
    : JSON.parse(
        JSON.stringify(value, (_key, part: unknown) =>
          typeof part === 'string' ? part.replace(LONG_MASK, MASK) : part,
        ),
      );
}

function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
