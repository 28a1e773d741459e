import type { WrongChecksum } from '#shared/codec/frames.ts';
import { Fault } from '#shared/domain/fault.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import { counted } from '#shared/words/index.ts';
import { GLITCH_BYTES } from './readability.ts';
import type { Wire } from './wire.ts';

/** So much of what a unit said instead is told. */
const TOLD_CHARACTERS = 200;
const TOLD_BYTES = 16;
/** And so much of it in the line that a person reads first. */
const QUOTED_CHARACTERS = 60;

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
 * frame with a wrong checksum or without its end, `limit-exceeded` when something else came.
 */
export function notAnswered(wire: Wire, awaited: Awaited): Fault {
  const { what, pattern, on, withinMs } = awaited;
  if (wire.heardBytes === 0 || wire.isEmptied) return silent(wire, what, withinMs);
  const { frames } = wire.heard;
  const text = wire.heard.text.trim();
  if (wire.heardBytes <= GLITCH_BYTES && text === '' && frames.length === 0)
    return silent(wire, what, withinMs);
  const hasOther = on === 'frame' && frames.length > 0;
  if (on === 'frame' && !hasOther) {
    const broken = brokenFrame(wire, what);
    if (broken !== null) return broken;
  }
  if (!hasOther && (wire.isUnreadable || (on === 'frame' && text.length < 2)))
    return unreadable(heardOn(wire), what, on === 'frame' ? 'no frame and no text' : 'no text');
  const said = hasOther ? frames.map((frame) => inHex(frame)).join(' ') : text;
  const told =
    said === '' ? `${counted(wire.heardBytes, 'byte that makes', 'bytes that make')} no line` : said;
  const wrong = on === 'frame' ? wire.wrongChecksum : null;
  const more = wrong === null ? '' : `; another frame has a wrong checksum: ${inWords(wrong)}`;
  // Whole lines were looked at, and none of them matched.
  const isUnended = on === 'lines' && compilePattern(pattern, { multiline: true }).test(wire.heard.text);
  return new Fault(
    'limit-exceeded',
    isUnended
      ? `${what}: what matches /${pattern}/ has no line end: ${quoted(told)}`
      : `${what}: the answer does not match /${pattern}/: ${quoted(told)}${more}`,
    {
      hint: isUnended
        ? 'A line ends with LF or CR. A step whose answer has neither says wholeLines: false.'
        : 'The recording has the whole answer.',
      details: { command: what, value: told.slice(-TOLD_CHARACTERS), limits: pattern },
    },
  );
}

/** A frame with a wrong checksum, or one that stops in the middle; `null` when neither came. */
function brokenFrame(wire: Wire, what: string): Fault | null {
  const { wrongChecksum: wrong, cutFrame } = wire;
  if (wrong !== null)
    return new Fault('device-garbled', `${what}: the answer has a wrong checksum: ${inWords(wrong)}`, {
      hint: 'Check the wires to the unit, and device.frames of the recipe: kind, order and cover of the checksum.',
      details: { command: what, received: wrong.received, expected: wrong.expected },
    });
  if (cutFrame === null) return null;
  const told = inHex(cutFrame.subarray(0, TOLD_BYTES), ' ');
  return new Fault(
    'device-garbled',
    `${what}: the answer stops in a frame, after ${counted(cutFrame.length, 'byte')}: ${told}`,
    {
      hint: 'Check the wires to the unit, and device.frames of the recipe: its length and what follows it.',
      details: { command: what, bytes: cutFrame.length, value: told },
    },
  );
}

/** On one line, and cut. */
function quoted(said: string): string {
  const line = said.replaceAll('\n', String.raw`\n`);
  return line.length > QUOTED_CHARACTERS ? `"${line.slice(0, QUOTED_CHARACTERS)}…"` : `"${line}"`;
}

function inWords({ received, expected }: WrongChecksum): string {
  return `${received}, not ${expected}`;
}

function inHex(bytes: Uint8Array, between = ''): string {
  return [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(between);
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

const OTHER_LINE = 'Check the baud rate of the recipe, the ground wire, and that the line is not inverted.';
const OTHER_ENCODING =
  'It looks like Chinese text in GB18030: say so in the recipe, as device: { serial: { encoding: gb18030 } }.';
const CHINESE_LINES = /^[\p{Script=Han}\p{P}\p{S}\p{ASCII}\u3000]*$/u;

/** Whole lines that are Chinese in GB18030, without a byte that is none: noise hardly ever is. */
function isChinese(bytes: Uint8Array): boolean {
  const lines = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
  try {
    const text = new TextDecoder('gb18030', { fatal: true }).decode(lines);
    const isPlain = CHINESE_LINES.test(text) && !/[^\P{Cc}\r\n\t]/u.test(text);
    return isPlain && /\p{Script=Han}{2}/u.test(text);
  } catch {
    return false;
  }
}

/** Bytes came that mean nothing. `none`: what they do not make. */
export function unreadable({ path, heardBytes, first }: HeardBytes, what: string, none: string): Fault {
  const said = inHex(first.subarray(0, TOLD_BYTES), ' ');
  return new Fault(
    'device-unreadable',
    `${path} is heard but not understood: ${counted(heardBytes, 'byte')} after ${what}, and ${none}`,
    {
      hint: isChinese(first) ? OTHER_ENCODING : OTHER_LINE,
      details: { port: path, command: what, bytes: heardBytes, value: said },
    },
  );
}
