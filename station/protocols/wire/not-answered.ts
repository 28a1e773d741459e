import { Fault } from '#shared/domain/fault.ts';
import type { Wire } from './wire.ts';

/** So much of what a unit said instead is told. */
const TOLD_CHARACTERS = 200;
const TOLD_BYTES = 16;

/** What was awaited, for the words of a fault. */
export interface Awaited {
  /** What it is the answer to. */
  readonly what: string;
  readonly pattern: string;
  readonly on: 'lines' | 'text' | 'frame';
  readonly withinMs: number;
}

/**
 * Why an answer did not come: `device-silent` when nothing did, `device-unreadable` for noise, `device-garbled` for a
 * frame with a wrong checksum, `limit-exceeded` when something else came.
 */
export function notAnswered(wire: Wire, awaited: Awaited): Fault {
  const { what, pattern, on, withinMs } = awaited;
  if (wire.heardBytes === 0 || wire.isEmptied) return silent(wire, what, withinMs);
  const { frames } = wire.heard;
  const wrong = wire.wrongChecksum;
  if (on === 'frame' && frames.length === 0 && wrong !== null)
    return new Fault(
      'device-garbled',
      `${what}: the answer has a wrong checksum: ${wrong.received}, not ${wrong.expected}`,
      {
        hint: 'Check the wires to the unit, and device.frames of the recipe: kind, order and cover of the checksum.',
        details: { command: what, received: wrong.received, expected: wrong.expected },
      },
    );
  const text = wire.heard.text.trim();
  const hasOther = on === 'frame' && frames.length > 0;
  if (!hasOther && (wire.isUnreadable || (on === 'frame' && text.length < 2)))
    return unreadable(heardOn(wire), what, on === 'frame' ? 'no frame and no text' : 'no text');
  const inHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
  const said = hasOther ? frames.map(inHex).join(' ') : text;
  const told = said === '' ? `${wire.heardBytes} bytes that make no line` : said;
  return new Fault('limit-exceeded', `${what}: the answer does not match /${pattern}/`, {
    hint: 'The recording has the whole answer.',
    details: { command: what, value: told.slice(-TOLD_CHARACTERS), limits: pattern },
  });
}

export function silent({ path }: { readonly path: string }, what: string, withinMs: number): Fault {
  return new Fault('device-silent', `no answer to ${what} on ${path} in ${withinMs} ms`, {
    hint: 'Check that the unit is seated, powered and speaks at the recipe’s baud rate.',
    details: { port: path, command: what, timeoutMs: withinMs },
  });
}

/** What came of a unit, for the words of a fault. */
export interface HeardBytes {
  readonly path: string;
  readonly heardBytes: number;
  /** The first of them. */
  readonly first: Uint8Array;
}

export function heardOn({ path, heardBytes, heard }: Wire): HeardBytes {
  return { path, heardBytes, first: heard.bytes };
}

/** Bytes came that mean nothing. `none`: what they do not make. */
export function unreadable({ path, heardBytes, first }: HeardBytes, what: string, none: string): Fault {
  const hex = Buffer.from(first.subarray(0, TOLD_BYTES)).toString('hex').toUpperCase();
  const said = hex.replaceAll(/..(?=.)/g, '$& ');
  return new Fault(
    'device-unreadable',
    `${path} is heard but not understood: ${heardBytes} bytes after ${what} make ${none}`,
    {
      hint: 'Check the baud rate of the recipe, the ground wire, and that the line is not inverted.',
      details: { port: path, command: what, bytes: heardBytes, value: said },
    },
  );
}
