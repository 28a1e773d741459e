import { decodeUtf8 } from '#shared/codec/utf8.ts';
import { Fault } from '#shared/domain/fault.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import {
  answerForm,
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
} from '../../serial-io/index.ts';
import type { GattLink } from '../device-session.ts';
import { gattRequest } from '../gatt-exchange.ts';

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
  mayReveal: () => boolean,
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
  mayReveal: () => boolean,
  signal: AbortSignal,
): Promise<ExchangeAnswer> {
  const what = nameOfExchange(exchange);
  const { expect, expectFrame, wholeLines } = exchange;
  const on = expect === undefined ? 'frame' : wholeLines ? 'lines' : 'text';
  const spec = (pattern: string): AnswerSpec => ({
    pattern,
    on,
    timeoutMs: limitOfExchange(exchange),
    every: false,
    what,
  });
  const expected = spec(expect ?? expectFrame ?? '');
  const none = noneOf(exchange);
  const all = none === null ? [expected] : [expected, spec(none)];
  await io.send(bytes, signal);
  const found = await expectOneOf(io, all, signal);
  if (found === null) {
    const fault = noAnswerFault(io, expected);
    throw fault.code !== 'device-silent' && mayReveal() ? unquoted(fault, what, io.path) : fault;
  }
  return {
    kind: found.spec === expected ? 'expected' : 'none',
    groups: found.match.groups ?? {},
    inHex: on === 'frame',
  };
}

async function overGatt(
  exchange: (IdentityReadExchange | IdentityExchange) & { readonly service: string },
  connection: BleConnection,
  clock: Clock,
  bytes: Uint8Array,
  mayReveal: () => boolean,
  signal: AbortSignal,
): Promise<ExchangeAnswer> {
  const { service, characteristic, write, notify, confirm, expect } = exchange;
  const timeoutMs = limitOfExchange(exchange);
  const limits = { timeoutMs, signal };
  let value: Uint8Array;
  if (characteristic !== undefined) value = await connection.read(service, characteristic, limits);
  else if (write === undefined) throw new Fault('recipe-invalid', 'an exchange names no characteristic');
  else if (notify === undefined) {
    await connection.write(service, write, bytes, { ...limits, response: confirm });
    return { kind: 'expected', groups: {}, inHex: false };
  } else {
    const request = { service, write, notify, confirm, answerMs: timeoutMs };
    value = await gattRequest(request, connection, bytes, clock, signal);
  }
  const what = nameOfExchange(exchange);
  const inHex = answerForm(exchange) === 'hex';
  const text = inHex ? Buffer.from(value).toString('hex').toUpperCase() : textOf(value);
  const source = { what, path: connection.address };
  // A unit that refuses to be read gives an empty value, too.
  if (value.length === 0) throw otherValue(source, 'is empty', 'device-rejected');
  if (text === null) throw otherValue(source, 'is no text', 'device-garbled');
  const options = inHex ? { ignoreCase: true } : { multiline: true };
  const match = compilePattern(expect ?? '', options).first(text);
  if (match !== null) return { kind: 'expected', groups: match.groups ?? {}, inHex };
  const none = noneOf(exchange);
  if (none !== null && compilePattern(none, options).test(text)) return { kind: 'none', groups: {}, inHex };
  const quoted = mayReveal()
    ? `of ${value.length} bytes does not match`
    : `does not match: ${quoteText(text)}`;
  throw otherValue(source, quoted, 'limit-exceeded');
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

/** The same fault without the answer, which may have a secret that is not masked. */
function unquoted({ code }: Fault, what: string, path: string): Fault {
  return new Fault(code, `${what}: the answer of the unit on ${path} is not one that the recipe describes`, {
    hint: 'It may contain a secret, so it is neither shown nor recorded. Try once more; see device.identity.read of the recipe.',
    details: { port: path, command: what },
  });
}
