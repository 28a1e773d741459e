import type { Json } from '#shared/codec/json-value.ts';
import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';

/*
 * The shape of a recording: JSON Lines, the header first, then one entry for each thing that happened, in the order in
 * which it happened. An entry is named by its line number; the header is line 0. See docs/recordings.md.
 */

export type { Json };

export const FORMAT = 'recording/3';

/** Describes the run of a recording. The recording of a return has only `returnId`, slot, port and time. */
export interface Header {
  readonly gongwei: string;
  readonly runId?: string;
  readonly returnId?: string;
  readonly slot?: number;
  readonly port?: string;
  readonly recipeHash?: string;
  /** The recipe and its files, so that a replay needs no station. */
  readonly recipeSource?: string;
  readonly recipeFiles?: Readonly<Record<string, FileJson>>;
  readonly firmwareSha256?: string | null;
  readonly serialNumber?: string | null;
  readonly station?: string;
  readonly appVersion?: string;
  readonly batchId?: string;
  readonly batchName?: string | null;
  /** False when the station was bound to no registry. */
  readonly hasRegistry?: boolean;
  /** The run reported logins to the registry; absent in recordings of versions that did not. */
  readonly reportsLogins?: boolean;
  /** Steps of one verb in a phase have numbered names; absent in recordings of versions that gave them the same name. */
  readonly numbersSteps?: boolean;
  /** How the station talked to instruments (`InstrumentManner`); absent in recordings of versions of the manners 1 and 2. */
  readonly instrumentManner?: number;
  /** Port of the fixture's relay board; null when it has none. */
  readonly boardPort?: string | null;
  /** Where a run continued after a crash. */
  readonly resume?: Json;
  /** Encoding of the unit's text; UTF-8 when absent. */
  readonly encoding?: TextEncodingName;
  /** Wall clock at the beginning, Unix milliseconds. */
  readonly startedAtMs?: number;
}

/** Text as it is, other bytes in base64; null for a picture for people, which does not affect the run. */
export type FileJson = string | { readonly base64: string } | null;

export interface FaultJson {
  readonly code: FaultCode;
  readonly message: string;
  readonly hint: string | null;
  readonly details: Fault['details'];
}

interface Timed {
  /** Milliseconds since the recording began. */
  readonly atMs: number;
  /** Monotonic times that the run read since the entry before, milliseconds since the recording began. */
  readonly clock?: readonly number[];
  /** Wall-clock times that the run read since the entry before, milliseconds after the header's `startedAtMs`. */
  readonly wallClock?: readonly number[];
}

interface Bytes {
  /** Latin-1 text, one character a byte; bytes of secrets are `*`. */
  readonly bytes?: string;
  /** This many more bytes follow in a `late-bytes` entry, because they might have been the beginning of a secret. */
  readonly heldBack?: number;
  /** Name of the byte stream; absent for `tx` and `rx`, see `streamOf`. */
  readonly stream?: string;
}

interface Result {
  readonly value?: Json;
  readonly fault?: FaultJson;
}

/** Something the run did: a replayed run has to do the same. */
export type Action =
  /** Bytes sent to a port; port 0 is the unit's own and not written. */
  | ({ readonly type: 'tx'; readonly port?: number } & Bytes)
  /** A phase or a step begins. `timers`: how many timers had been started. */
  | { readonly type: 'phase' | 'step'; readonly name: string; readonly timers?: number }
  /** A request to something other than the unit's port; `reply` and `notification` entries name its line. */
  | ({
      readonly type: 'request';
      readonly kind: string;
      readonly key: string;
      readonly parameters?: string;
    } & Bytes)
  /** A value from outside that was available at once. */
  | ({ readonly type: 'input'; readonly kind: string; readonly key: string } & Result)
  /** An attempt of a step ended. */
  | { readonly type: 'attempt'; readonly attempt: AttemptJson; readonly timers?: number }
  /** The run ended. */
  | { readonly type: 'outcome'; readonly outcome: Outcome; readonly failure: RunFailure | null };

/** Something that happened to the run: it happens again to a replayed run. */
export type ExternalEvent =
  | ({ readonly type: 'rx'; readonly port?: number } & Bytes)
  | ({ readonly type: 'reply'; readonly request: number } & Result & Bytes)
  /** Received for a request besides its reply: an advertisement, a notification. */
  | ({ readonly type: 'notification'; readonly request: number } & Result & Bytes)
  /** Timer number `timer`, started for `durationMs`, elapsed. */
  | { readonly type: 'timer'; readonly timer: number; readonly durationMs: number }
  /** The bytes of entry `tx` were sent or failed to; written only when another entry came between. */
  | { readonly type: 'tx-done'; readonly tx: number; readonly fault?: FaultJson }
  | { readonly type: 'port-lost'; readonly port?: number; readonly fault: FaultJson }
  /** The run was stopped from outside. */
  | { readonly type: 'stop'; readonly fault: FaultJson };

/** Has no effect on a replay. */
export type Annotation =
  | { readonly type: 'comment'; readonly text: string }
  /** The bytes that entry `entry` held back. */
  | { readonly type: 'late-bytes'; readonly entry: number; readonly bytes: string }
  /** The recording reached its limit of characters; only entries of `ALWAYS_RECORDED` follow. */
  | { readonly type: 'truncated'; readonly characters: number }
  /** The `length` bytes before byte `end` of a stream are the beginning of form `form` of the secrets. */
  | {
      readonly type: 'masked';
      readonly stream: string;
      readonly end: number;
      readonly length: number;
      readonly form: number;
    };

export type Entry = (Action | ExternalEvent | Annotation) & Timed;
export type ActionEntry = Action & Timed;
export type ExternalEventEntry = ExternalEvent & Timed;

/** Types that are written after the limit too, so that a recording shows how its run ended. */
export const ALWAYS_RECORDED: readonly Entry['type'][] = ['phase', 'step', 'attempt', 'outcome', 'stop'];

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
  /** Position on a curve. */
  readonly at?: Json;
}

/** Name of the byte stream of an entry; empty when it has no bytes. */
export function streamOf(entry: Action | ExternalEvent | Annotation): string {
  if (entry.type === 'tx' || entry.type === 'rx')
    return `${entry.type === 'tx' ? '>' : '<'}${entry.port ?? ''}`;
  return 'stream' in entry ? (entry.stream ?? '') : '';
}

/** An unexpected error is recorded as the fault that it ends as, without its text. */
export function toFaultJson(error: unknown): FaultJson {
  const fault =
    error instanceof Fault ? error : new Fault('internal', 'something in Gongwei itself went wrong');
  const { code, message, hint, details } = fault;
  return { code, message, hint, details };
}

export function toFault({ code, message, hint, details }: FaultJson): Fault {
  return new Fault(code, message, { details, ...(hint === null ? {} : { hint }) });
}
