import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import type { Fault, FaultCode } from '#shared/domain/fault.ts';
import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';

/*
 * The shape of a recording: JSON Lines, the header first, then one line per thing that happened, in the order in
 * which it happened. See docs/recordings.md. Line numbers count from the header, which is line 0.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export const FORMAT = 'recording/2';

/** What a recording says of itself. A run's has all of it; that of the returns desk only some. */
export interface Header {
  readonly gongwei: string;
  readonly run?: string;
  readonly return?: string;
  readonly slot?: number;
  readonly port?: string;
  /** Hash of the recipe. */
  readonly recipe?: string;
  /** The recipe itself and the files it is made of, so that a replay needs no station. */
  readonly source?: string;
  readonly files?: Readonly<Record<string, FileJson>>;
  readonly firmwareSha256?: string | null;
  readonly serialNumber?: string | null;
  readonly station?: string;
  readonly appVersion?: string;
  readonly batch?: string;
  readonly batchName?: string | null;
  /** False when the station was bound to no registry. */
  readonly registry?: boolean;
  /** Logins are told to the registry; left out by stations that did not. */
  readonly tellsLogins?: boolean;
  /** Steps of one verb in a phase have names of their own; left out by versions that gave them the same. */
  readonly numbersSteps?: boolean;
  /** Port of the fixture's board; null when it has none. */
  readonly board?: string | null;
  /** Where a run went on that a crash had cut off. */
  readonly resume?: Json;
  /** How the unit writes its text; UTF-8 when left out. */
  readonly encoding?: TextEncodingName;
  /** Wall clock at its beginning, Unix milliseconds. */
  readonly at?: number;
}

/** Text as it is, other bytes in base64; null for a picture for people, which changes nothing of what is done to a unit. */
export type FileJson = string | { readonly base64: string } | null;

export interface FaultJson {
  readonly code: FaultCode;
  readonly message: string;
  readonly hint: string | null;
  readonly details: Fault['details'];
}

interface Timed {
  /** Since the recording began. */
  readonly ms: number;
  /** What the run's clock answered since the line before: monotonic, and wall less the header's `at`. */
  readonly c?: readonly number[];
  readonly wall?: readonly number[];
}

/** Bytes as Latin-1 text, so that any byte survives; secrets are `*`. */
interface Bytes {
  readonly b?: string;
  /** So many more bytes follow in a `+` line, because they may be the beginning of a secret. */
  readonly h?: number;
  /** Stream they belong to; of `>` and `<` it is their direction and port. */
  readonly s?: string;
}

/** Answer to a question: a value, bytes or a fault. */
interface Answer {
  readonly v?: Json;
  readonly fault?: FaultJson;
}

/** Something the run did: on replay it has to do the same. */
export type Did =
  /** Bytes sent to port `p` (0 when left out). */
  | ({ readonly d: '>'; readonly p?: number } & Bytes)
  /** A phase or a step begins. `n`: waits begun so far. */
  | { readonly d: '#'; readonly b: string; readonly n?: number }
  /** A question to the surroundings, answered later by `=` lines that name this one. */
  | ({ readonly d: '?'; readonly k: string; readonly key: string; readonly how?: string } & Bytes)
  /** A question answered at once. */
  | ({ readonly d: 'i'; readonly k: string; readonly key: string } & Answer)
  /** One attempt of a step has ended. */
  | { readonly d: 'r'; readonly r: AttemptJson; readonly n?: number }
  /** The run has ended. */
  | { readonly d: 'v'; readonly outcome: Outcome; readonly failure: RunFailure | null };

/** Something that happened to the run: on replay it happens again. */
export type Happened =
  | ({ readonly d: '<'; readonly p?: number } & Bytes)
  | ({ readonly d: '='; readonly of: number } & Answer & Bytes)
  /** Heard while question `of` lasts: an advertisement, a notification. */
  | ({ readonly d: '~'; readonly of: number } & Answer & Bytes)
  /** The wait begun as number `n`, for so many milliseconds, is over. */
  | { readonly d: 't'; readonly n: number; readonly for: number }
  /** The bytes of line `of` have left, or could not; written when anything happened meanwhile. */
  | { readonly d: 'w'; readonly of: number; readonly fault?: FaultJson }
  /** Port `p` is gone. */
  | { readonly d: 'x'; readonly p?: number; readonly fault: FaultJson }
  /** Somebody stopped the run. */
  | { readonly d: '!'; readonly fault: FaultJson };

/** For the reader alone. */
export type Remark =
  | { readonly d: 'n'; readonly b: string }
  /** The bytes that line `of` still owes. */
  | { readonly d: '+'; readonly of: number; readonly b: string }
  /** From here on only phases, steps, attempts, stops and the verdict were kept: the recording had so many bytes. */
  | { readonly d: 'c'; readonly after: number }
  /** In stream `s`, the `len` bytes before its byte `end` are the beginning of secret form `form`. */
  | {
      readonly d: '*';
      readonly s: string;
      readonly end: number;
      readonly len: number;
      readonly form: number;
    };

export type Entry = (Did | Happened | Remark) & Timed;
export type DidEntry = Did & Timed;
export type HappenedEntry = Happened & Timed;

export interface AttemptJson {
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly ms: number;
  readonly failure: RunFailure | null;
  readonly measured: readonly MeasuredJson[];
}

export interface MeasuredJson {
  readonly name: string;
  readonly value: Json;
  readonly unit: string | null;
  readonly limits: string;
  readonly outcome: Outcome;
  /** Where on a curve it lies. */
  readonly at?: Json;
}

/** The stream of a port's bytes in one direction. */
export function portStream(direction: '>' | '<', port: number): string {
  return port === 0 ? direction : `${direction}${port}`;
}
