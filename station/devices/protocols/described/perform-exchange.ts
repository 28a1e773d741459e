import { decodeUtf8 } from '#shared/codec/utf8.ts';
import { Fault } from '#shared/domain/fault.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import {
  answerForm,
  groupsOfReading,
  type IdentityExchange,
  type IdentityReadExchange,
  limitOfExchange,
} from '#shared/recipe/index.ts';
import type { BleConnection, Clock } from '../../../core/platform/index.ts';
import {
  type AnswerSpec,
  expectOneOf,
  noAnswerFault,
  quoteText,
  type SerialIo,
  withheldFault,
} from '../../serial-io/index.ts';
import type { GattLink } from '../device-session.ts';
import { gattRequest } from '../gatt-exchange.ts';

/** A unit has ended its answer when nothing comes for this time: more than the latency of USB and some characters. */
const SILENCE_MS = 40;
/** The same over Bluetooth, whose values come at most once in an interval of the connection. */
const MORE_VALUES_MS = 100;
/** A unit that never stops to send is not awaited longer than this many silences. */
const MAX_SILENCES = 50;

export interface ExchangeOptions {
  readonly io: SerialIo;
  readonly clock: Clock;
  readonly gatt: GattLink | null;
}

/** The answer of a unit: the groups of the pattern that it matched. `none`: it was the answer for "no identity". */
export interface ExchangeAnswer {
  readonly kind: 'expected' | 'none';
  readonly groups: Readonly<Record<string, string | undefined>>;
  /** The groups are hex. */
  readonly inHex: boolean;
  /** Further values that the unit notified over Bluetooth and that are answers, too. */
  readonly further?: readonly ExchangeAnswer[];
}

/** The name of an exchange for faults: what is sent, with its placeholders, or the characteristic. */
export function nameOfExchange(e: IdentityExchange): string {
  return e.text ?? e.hex ?? e.frame ?? e.write ?? e.characteristic ?? '';
}

/**
 * Sends the bytes of an exchange, and awaits its answer. Faults: those of `noAnswerFault`, of `BleConnection` and of the
 * connection; `limit-exceeded` for another value over Bluetooth; `device-rejected` for an empty one.
 *
 * @param bytes with the triple filled in; ignored by an exchange that reads a characteristic
 * @param mayReveal tells whether the answer may have a secret that is not masked: a fault does not quote it
 */
export async function performExchange(
  { io, clock, gatt }: ExchangeOptions,
  exchange: IdentityReadExchange | IdentityExchange,
  bytes: Uint8Array,
  mayReveal: (bytes: Uint8Array) => boolean,
  signal: AbortSignal,
): Promise<ExchangeAnswer> {
  if (exchange.service === undefined) return overPort(io, exchange, bytes, mayReveal, signal);
  if (gatt === null)
    throw new Fault('not-configured', 'the identity of this device is exchanged over Bluetooth', {
      hint: 'Use a station with a Bluetooth adapter.',
    });
  const { service } = exchange;
  return gatt.use(
    (connection) => overGatt({ ...exchange, service }, connection, clock, bytes, mayReveal, signal),
    signal,
  );
}

async function overPort(
  io: SerialIo,
  exchange: IdentityReadExchange | IdentityExchange,
  bytes: Uint8Array,
  mayReveal: (bytes: Uint8Array) => boolean,
  signal: AbortSignal,
): Promise<ExchangeAnswer> {
  const what = nameOfExchange(exchange);
  await io.send(bytes, signal);
  const found = await nextAnswer(io, exchange, limitOfExchange(exchange), signal);
  if (found === null) {
    const [expected] = specsOf(exchange, limitOfExchange(exchange));
    const fault = noAnswerFault(io, expected);
    throw fault.code !== 'device-silent' && mayReveal(io.received.bytes)
      ? withheldFault(fault, what, io.path)
      : fault;
  }
  return found;
}

/** The next answer of the unit to an exchange over its port; `null` when none comes in time. Faults: those of the connection. */
async function nextAnswer(
  io: SerialIo,
  exchange: IdentityReadExchange | IdentityExchange,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ExchangeAnswer | null> {
  const specs = specsOf(exchange, timeoutMs);
  const found = await expectOneOf(io, specs, signal);
  if (found === null) return null;
  return {
    kind: found.spec === specs[0] ? 'expected' : 'none',
    groups: found.match.groups ?? {},
    inHex: found.spec.on === 'frame',
  };
}

/** The answer that is expected, and the one for "no identity". */
function specsOf(
  exchange: IdentityReadExchange | IdentityExchange,
  timeoutMs: number,
): [AnswerSpec, ...AnswerSpec[]] {
  const { expect, expectFrame, wholeLines } = exchange;
  const on = expect === undefined ? 'frame' : wholeLines ? 'lines' : 'text';
  const what = nameOfExchange(exchange);
  const spec = (pattern: string): AnswerSpec => ({ pattern, on, timeoutMs, every: false, what });
  const none = noneOf(exchange);
  return [spec(expect ?? expectFrame ?? ''), ...(none === null ? [] : [spec(none)])];
}

/**
 * What the unit answers besides its first answer to an exchange over its port, until it is silent: a second answer may contradict
 * the first. Faults: those of the connection.
 */
export async function furtherAnswers(
  { io }: ExchangeOptions,
  exchange: IdentityReadExchange,
  signal: AbortSignal,
): Promise<ExchangeAnswer[]> {
  const answers: ExchangeAnswer[] = [];
  if (exchange.service !== undefined) return answers;
  for (let silences = 0, before = io.receivedBytes; silences < MAX_SILENCES; silences++) {
    const answer = await nextAnswer(io, exchange, SILENCE_MS, signal);
    if (answer !== null) answers.push(answer);
    // A line that has begun is awaited.
    else if (io.receivedBytes === before) return answers;
    before = io.receivedBytes;
  }
  return answers;
}

async function overGatt(
  exchange: (IdentityReadExchange | IdentityExchange) & { readonly service: string },
  connection: BleConnection,
  clock: Clock,
  bytes: Uint8Array,
  mayReveal: (bytes: Uint8Array) => boolean,
  signal: AbortSignal,
): Promise<ExchangeAnswer> {
  const { service, characteristic, write, notify, confirm } = exchange;
  const timeoutMs = limitOfExchange(exchange);
  const limits = { timeoutMs, signal };
  let value: Uint8Array;
  let more: readonly Uint8Array[] = [];
  if (characteristic !== undefined) value = await connection.read(service, characteristic, limits);
  else if (write === undefined) throw new Fault('recipe-invalid', 'an exchange names no characteristic');
  else if (notify === undefined) {
    await connection.write(service, write, bytes, { ...limits, response: confirm });
    return { kind: 'expected', groups: {}, inHex: false };
  } else {
    const request = {
      service,
      write,
      notify,
      confirm,
      answerMs: timeoutMs,
      moreMs: isReading(exchange) ? MORE_VALUES_MS : 0,
    };
    [value, ...more] = await gattRequest(request, connection, bytes, clock, signal);
  }
  const what = nameOfExchange(exchange);
  const text = valueText(exchange, value);
  const source = { what, path: connection.address };
  // A unit that refuses to be read gives an empty value, too.
  if (value.length === 0) throw otherValue(source, 'is empty', 'device-rejected');
  if (text === null) throw otherValue(source, 'is no text', 'device-garbled');
  const answer = answerIn(exchange, text);
  if (answer !== null) {
    const further = more.map((one) => answerIn(exchange, valueText(exchange, one) ?? ''));
    return { ...answer, further: further.filter((one) => one !== null) };
  }
  const quoted = mayReveal(value)
    ? `of ${value.length} bytes does not match`
    : `does not match: ${quoteText(text)}`;
  throw otherValue(source, quoted, 'limit-exceeded');
}

/** A value over Bluetooth as an answer; `null` for one that is none. */
function answerIn(exchange: IdentityReadExchange | IdentityExchange, text: string): ExchangeAnswer | null {
  const inHex = answerForm(exchange) === 'hex';
  const options = inHex ? { ignoreCase: true } : { multiline: true };
  const match = compilePattern(exchange.expect ?? '', options).first(text);
  if (match !== null) return { kind: 'expected', groups: match.groups ?? {}, inHex };
  const none = noneOf(exchange);
  const isNone = none !== null && compilePattern(none, options).test(text);
  return isNone ? { kind: 'none', groups: {}, inHex } : null;
}

/** A value as patterns see it; `null` for bytes that are no text. */
function valueText(exchange: IdentityReadExchange | IdentityExchange, value: Uint8Array): string | null {
  return answerForm(exchange) === 'hex' ? Buffer.from(value).toString('hex').toUpperCase() : textOf(value);
}

function isReading(exchange: IdentityReadExchange | IdentityExchange): boolean {
  return (groupsOfReading([exchange]) ?? []).length > 0;
}

function noneOf(exchange: IdentityReadExchange | IdentityExchange): string | null {
  const { none, noneFrame } = exchange as Partial<IdentityReadExchange>;
  return none ?? noneFrame ?? null;
}

/** The text of a value without zeros at its end; `null` for bytes that are no text. */
function textOf(value: Uint8Array): string | null {
  const end = value.findLastIndex((byte) => byte !== 0);
  return decodeUtf8(value.subarray(0, end + 1));
}

function otherValue(
  { what, path }: { readonly what: string; readonly path: string },
  problem: string,
  code: 'device-rejected' | 'device-garbled' | 'limit-exceeded',
): Fault {
  return new Fault(code, `${what}: the value that ${path} answered ${problem}`, {
    hint: 'Try once more; see device.identity of the recipe.',
    details: { address: path, command: what },
  });
}
