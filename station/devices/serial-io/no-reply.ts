import type { WrongChecksum } from '#shared/codec/frames.ts';
import { countUnusual, type TextEncodingName } from '#shared/codec/text-encoding.ts';
import { Fault } from '#shared/domain/fault.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import { counted } from '#shared/words/index.ts';
import { GLITCH_BYTES } from './readability.ts';
import { LONGEST_LINE_BYTES } from './text-window.ts';
import type { WhatCame, Wire } from './serial-io.ts';

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
 * Why an answer did not come: `device-silent` when nothing did, or nothing but the echo of what was sent,
 * `device-unreadable` for noise, `device-garbled` for a frame with a wrong checksum or without its end, `limit-exceeded` when
 * something else came. An echo is never taken for the answer.
 */
export function notAnswered(wire: Wire, awaited: Awaited): Fault {
  const behind = wire.behindEcho;
  if (behind === null)
    return isNothing(wire) ? silent(wire, awaited.what, awaited.withinMs) : whyNot(wire, awaited, '');
  return isNothing(behind)
    ? onlyEcho(wire, awaited)
    : whyNot(behind, awaited, ' (behind the echo of what was sent)');
}

function isNothing({ heardBytes, isEmptied, heard }: WhatCame): boolean {
  const isGlitch = heardBytes <= GLITCH_BYTES && heard.text.trim() === '' && heard.frames.length === 0;
  return isEmptied || isGlitch;
}

function whyNot(came: WhatCame, awaited: Awaited, where: string): Fault {
  const { what, pattern, on } = awaited;
  const { frames, text } = came.heard;
  const hasOther = on === 'frame' && frames.length > 0;
  if (on === 'frame' && !hasOther) {
    const broken = brokenFrame(came, what, where);
    if (broken !== null) return broken;
  }
  if (!hasOther && (came.isUnreadable || (on === 'frame' && text.trim().length < 2)))
    return unreadable(heardOn(came), what, on === 'frame' ? 'no frame and no text' : 'no text');
  if (on === 'lines' && compilePattern(pattern, { multiline: true }).test(text)) return noLineEnd(what, text);
  const said = hasOther ? frames.map((frame) => inHex(frame)).join(' ') : text.replace(/^\n+|\n+$/g, '');
  const told =
    said === '' ? `${counted(came.heardBytes, 'byte that makes', 'bytes that make')} no line` : said;
  const wrong = on === 'frame' ? came.wrongChecksum : null;
  const more = wrong === null ? '' : `; another frame has a wrong checksum: ${inWords(wrong)}`;
  const other = hasOther ? null : encodingHint(came.heard.bytes, came.encoding);
  const isCut = !hasOther && said.split('\n').some((line) => line.length >= LONGEST_LINE_BYTES);
  const cut = isCut ? `; only the last ${LONGEST_LINE_BYTES} bytes of a longer line are looked at` : '';
  return new Fault(
    'limit-exceeded',
    `${what}: the answer does not match /${pattern}/: ${quoted(told)}${more}${cut}`,
    {
      hint: other ?? 'The recording has the whole answer.',
      details: { command: what, value: told.slice(-TOLD_CHARACTERS), limits: pattern },
    },
  );
}

/** What was awaited came, as the beginning of a line. */
function noLineEnd(what: string, text: string): Fault {
  return new Fault(
    'limit-exceeded',
    `${what}: the answer matches, but its line does not end: ${quoted(text)}`,
    {
      hint: 'A line ends with CR or LF. For a unit that sends none say wholeLines: false beside the pattern.',
      details: {
        command: what,
        value: text.slice(-TOLD_CHARACTERS),
        limits: 'CR or LF at the end of the line',
      },
    },
  );
}

/** As the end of a sentence about what came. */
export const ONLY_ECHO = 'only what was sent came back (echo)';

/** A bus of two wires, a console, or TX on RX. */
function onlyEcho({ path }: Wire, { what, withinMs }: Awaited): Fault {
  return new Fault('device-silent', `no answer to ${what} on ${path} in ${withinMs} ms: ${ONLY_ECHO}`, {
    hint: 'Check that the unit is seated and powered, and its address on the bus. On a wire that hands back what is sent, device: { echo: true } takes it off, once. A unit that answers with the request itself needs a pattern that matches it.',
    details: { port: path, command: what, timeoutMs: withinMs },
  });
}

/** A frame with a wrong checksum, or one that stops in the middle; `null` when neither came. */
function brokenFrame(
  { wrongChecksum: wrong, cutFrame }: WhatCame,
  what: string,
  where: string,
): Fault | null {
  if (wrong !== null)
    return new Fault(
      'device-garbled',
      `${what}: the answer${where} has a wrong checksum: ${inWords(wrong)}`,
      {
        hint: 'Check the wires to the unit and the baud rate, and device.frames of the recipe: kind, order and cover of the checksum.',
        details: { command: what, received: wrong.received, expected: wrong.expected },
      },
    );
  if (cutFrame === null) return null;
  const told = inHex(cutFrame.subarray(0, TOLD_BYTES), ' ');
  return new Fault(
    'device-garbled',
    `${what}: the answer${where} stops in a frame, after ${counted(cutFrame.length, 'byte')}: ${told}`,
    {
      hint: 'Check the wires to the unit, and device.frames of the recipe: its length and what follows it.',
      details: { command: what, bytes: cutFrame.length, value: told },
    },
  );
}

/** On one line, and cut. */
export function quoted(said: string): string {
  const line = said.replaceAll('\n', String.raw`\n`);
  return line.length > QUOTED_CHARACTERS ? `"${line.slice(0, QUOTED_CHARACTERS)}…"` : `"${line}"`;
}

function inWords({ received, expected }: WrongChecksum): string {
  return `${received}, not ${expected}`;
}

function inHex(bytes: Uint8Array, between = ''): string {
  return [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(between);
}

/** Nothing came that ends an answer. `instead`: what came, as the end of a sentence. */
export function silent(
  { path }: { readonly path: string },
  what: string,
  withinMs: number,
  instead = '',
): Fault {
  const more = instead === '' ? '' : `: ${instead}`;
  return new Fault('device-silent', `no answer to ${what} on ${path} in ${withinMs} ms${more}`, {
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
  /** In which text was looked for. */
  readonly encoding: TextEncodingName;
}

export function heardOn({ path, heardBytes, heard, encoding }: WhatCame): HeardBytes {
  return { path, heardBytes, first: heard.bytes, encoding };
}

const OTHER_LINE = 'Check the baud rate of the recipe, the ground wire, and that the line is not inverted.';
const GB18030_HINT =
  'It looks like Chinese text in GB18030: say so in the recipe, as device: { serial: { encoding: gb18030 } }.';
const UTF8_HINT = 'It looks like text in UTF-8: leave device.serial.encoding out of the recipe.';
const CHINESE_LINES = /^[\p{Script=Han}\p{P}\p{S}\p{ASCII}\u3000]*$/u;

/** What to do about text that was read in another encoding than it was written in; `null` when it is no such text. */
function encodingHint(bytes: Uint8Array, encoding: TextEncodingName): string | null {
  const lines = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
  const asUtf8 = strictly(lines, 'utf-8');
  if (encoding !== 'utf-8')
    return asUtf8 !== null && /\p{L}/u.test(asUtf8.replace(/\p{ASCII}/gu, '')) ? UTF8_HINT : null;
  return asUtf8 === null && isChinese(lines) ? GB18030_HINT : null;
}

/** Whole lines that are Chinese in GB18030 as people write it: noise hardly ever is. */
function isChinese(lines: Uint8Array): boolean {
  const text = strictly(lines, 'gb18030');
  if (text === null || !CHINESE_LINES.test(text) || /[^\P{Cc}\r\n\t]/u.test(text)) return false;
  return /\p{Script=Han}{2}/u.test(text) && countUnusual(lines, 'gb18030') === 0;
}

function strictly(bytes: Uint8Array, encoding: TextEncodingName): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Bytes came that mean nothing. `none`: what they do not make. */
export function unreadable(
  { path, heardBytes, first, encoding }: HeardBytes,
  what: string,
  none: string,
): Fault {
  const said = inHex(first.subarray(0, TOLD_BYTES), ' ');
  return new Fault(
    'device-unreadable',
    `${path} is heard but not understood: ${counted(heardBytes, 'byte')} after ${what}, and ${none}`,
    {
      hint: encodingHint(first, encoding) ?? OTHER_LINE,
      details: { port: path, command: what, bytes: heardBytes, value: said },
    },
  );
}
