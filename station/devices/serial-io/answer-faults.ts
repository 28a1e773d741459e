import type { WrongChecksum } from '#shared/codec/frames.ts';
import { countUnusual, type TextEncodingName } from '#shared/codec/text-encoding.ts';
import { Fault } from '#shared/domain/fault.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import { counted } from '#shared/words/index.ts';
import { GLITCH_BYTES } from './readability.ts';
import type { ReceiveStatus, SerialIo } from './serial-io.ts';
import { MAX_LINE_BYTES } from './text-window.ts';
import type { SecretMask } from '../../core/secret-mask/index.ts';

/** How much of another answer a fault has in its details. */
const DETAIL_CHARACTERS = 200;
const DETAIL_BYTES = 16;
/** How much of it stands in the message. */
const QUOTED_CHARACTERS = 60;

/** The answer that did not come, for the text of a fault. */
export interface MissingAnswer {
  /** The question. */
  readonly what: string;
  readonly pattern: string;
  readonly on: 'lines' | 'text' | 'frame';
  readonly timeoutMs: number;
}

/**
 * The fault for an answer that did not come: `device-silent` when nothing came, or nothing but the echo of what was sent;
 * `device-unreadable` for noise, `device-garbled` for a frame with a wrong checksum or without its end, `limit-exceeded`
 * for another answer. An echo is never taken for the answer. An answer that may have a secret is not quoted.
 */
export function noAnswerFault(io: SerialIo, expected: MissingAnswer): Fault {
  const fault = quotingFault(io, expected);
  if (fault.code === 'device-silent' || io.guard?.mayReveal(io.received.bytes) !== true) return fault;
  return withheldFault(fault, expected.what, io.path);
}

/** The same fault without the answer, which may have a secret that is not masked. */
export function withheldFault({ code }: Fault, what: string, path: string): Fault {
  return new Fault(code, `${what}: the answer of the unit on ${path} is not one that the recipe describes`, {
    hint: 'It may contain a secret, so it is neither shown nor recorded. Try once more; see device.identity.read of the recipe.',
    details: { port: path, command: what },
  });
}

function quotingFault(io: SerialIo, expected: MissingAnswer): Fault {
  const rest = io.afterEcho;
  if (rest === null)
    return isNothing(io)
      ? silentFault(io, expected.what, expected.timeoutMs)
      : otherAnswerFault(io, expected, '');
  return isNothing(rest)
    ? onlyEchoFault(io, expected)
    : otherAnswerFault(rest, expected, ' (after the echo of what was sent)');
}

function isNothing({ receivedBytes, isEmptied, received }: ReceiveStatus): boolean {
  const isGlitch =
    receivedBytes <= GLITCH_BYTES && received.text.trim() === '' && received.frames.length === 0;
  return isEmptied || isGlitch;
}

function otherAnswerFault(status: ReceiveStatus, expected: MissingAnswer, where: string): Fault {
  const { what, pattern, on } = expected;
  const { frames } = status.received;
  const text = status.mask.maskUnfinishedText(status.received.text);
  const hasOther = on === 'frame' && frames.length > 0;
  if (on === 'frame' && !hasOther) {
    const broken = brokenFrameFault(status, what, where);
    if (broken !== null) return broken;
  }
  if (!hasOther && (status.isUnreadable || (on === 'frame' && text.trim().length < 2)))
    return unreadableFault(
      unreadableBytes(status),
      what,
      on === 'frame' ? 'no frame and no text' : 'no text',
    );
  if (on === 'lines' && compilePattern(pattern, { multiline: true }).test(text))
    return noLineEndFault(what, text);
  const content = hasOther
    ? frames.map((frame) => inHex(frame, status.mask)).join(' ')
    : text.replace(/^\n+|\n+$/g, '');
  const shown =
    content === ''
      ? `${counted(status.receivedBytes, 'byte that makes', 'bytes that make')} no line`
      : content;
  const wrong = on === 'frame' ? status.wrongChecksum : null;
  const more = wrong === null ? '' : `; another frame has a wrong checksum: ${inWords(wrong)}`;
  const other = hasOther ? null : encodingHint(status.received.bytes, status.encoding);
  const isCut = !hasOther && content.split('\n').some((line) => line.length >= MAX_LINE_BYTES);
  const cut = isCut ? `; only the last ${MAX_LINE_BYTES} bytes of a longer line are looked at` : '';
  return new Fault(
    'limit-exceeded',
    `${what}: the answer does not match /${pattern}/: ${quoteText(shown)}${more}${cut}`,
    {
      hint: other ?? 'The recording has the whole answer.',
      details: { command: what, value: shown.slice(-DETAIL_CHARACTERS), limits: pattern },
    },
  );
}

/** The expected answer came in a line that has not ended. */
function noLineEndFault(what: string, text: string): Fault {
  return new Fault(
    'limit-exceeded',
    `${what}: the answer matches, but its line does not end: ${quoteText(text)}`,
    {
      hint: 'A line ends with CR or LF. For a unit that sends none say wholeLines: false beside the pattern.',
      details: {
        command: what,
        value: text.slice(-DETAIL_CHARACTERS),
        limits: 'CR or LF at the end of the line',
      },
    },
  );
}

/** As the end of a sentence about what status. */
export const ONLY_ECHO = 'only what was sent came back (echo)';

/** A two-wire bus, a console, or TX connected to RX. */
function onlyEchoFault({ path }: SerialIo, { what, timeoutMs }: MissingAnswer): Fault {
  return new Fault('device-silent', `no answer to ${what} on ${path} in ${timeoutMs} ms: ${ONLY_ECHO}`, {
    hint: 'Check that the unit is seated and powered, and its address on the bus. On a line with echo, device: { echo: true } removes it. A unit that answers with the request itself needs a pattern that matches it.',
    details: { port: path, command: what, timeoutMs },
  });
}

/** A frame with a wrong checksum, or one that stops in the middle; `null` when neither status. */
function brokenFrameFault(
  { wrongChecksum: wrong, cutFrame, mask }: ReceiveStatus,
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
  const beginning = beginningInHex(cutFrame, mask);
  return new Fault(
    'device-garbled',
    `${what}: the answer${where} stops in a frame, after ${counted(cutFrame.length, 'byte')}: ${beginning}`,
    {
      hint: 'Check the wires to the unit, and device.frames of the recipe: its length and what follows it.',
      details: { command: what, bytes: cutFrame.length, value: beginning },
    },
  );
}

/** A text on one line, in quotes, cut to the length of a message. */
export function quoteText(text: string): string {
  const line = text.replaceAll('\n', String.raw`\n`);
  return line.length > QUOTED_CHARACTERS ? `"${line.slice(0, QUOTED_CHARACTERS)}…"` : `"${line}"`;
}

function inWords({ received, expected }: WrongChecksum): string {
  return `${received}, not ${expected}`;
}

/** Hex of bytes, secrets masked. */
function inHex(bytes: Uint8Array, mask: SecretMask): string {
  return Buffer.from(mask.maskBytes(bytes)).toString('hex').toUpperCase();
}

/** The first bytes for people: `7E 01 FF`. */
function beginningInHex(bytes: Uint8Array, mask: SecretMask): string {
  return inHex(bytes, mask)
    .slice(0, DETAIL_BYTES * 2)
    .replace(/(..)(?=.)/g, '$1 ');
}

/** No answer ended in time. `instead`: what was received, as the end of a sentence. */
export function silentFault(
  { path }: { readonly path: string },
  what: string,
  timeoutMs: number,
  instead = '',
): Fault {
  const more = instead === '' ? '' : `: ${instead}`;
  return new Fault('device-silent', `no answer to ${what} on ${path} in ${timeoutMs} ms${more}`, {
    hint: 'Check that the unit is seated, powered and speaks at the recipe’s baud rate.',
    details: { port: path, command: what, timeoutMs },
  });
}

/** The bytes of a unit that could not be read, for the text of a fault. */
export interface UnreadableBytes {
  readonly path: string;
  readonly receivedBytes: number;
  /** The first of them. */
  readonly first: Uint8Array;
  /** In which text was looked for. */
  readonly encoding: TextEncodingName;
  readonly mask: SecretMask;
}

export function unreadableBytes(status: ReceiveStatus): UnreadableBytes {
  const { path, receivedBytes, encoding, mask } = status;
  return { path, receivedBytes, first: status.received.bytes, encoding, mask };
}

const LINE_HINT = 'Check the baud rate of the recipe, the ground wire, and that the line is not inverted.';
const GB18030_HINT =
  'It looks like Chinese text in GB18030: say so in the recipe, as device: { serial: { encoding: gb18030 } }.';
const UTF8_HINT = 'It looks like text in UTF-8: leave device.serial.encoding out of the recipe.';
const CHINESE_LINES = /^[\p{Script=Han}\p{P}\p{S}\p{ASCII}\u3000]*$/u;

/** A hint for text in another encoding than the recipe's; null when it is no such text. */
function encodingHint(bytes: Uint8Array, encoding: TextEncodingName): string | null {
  const lines = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
  const asUtf8 = strictly(lines, 'utf-8');
  if (encoding !== 'utf-8')
    return asUtf8 !== null && /\p{L}/u.test(asUtf8.replace(/\p{ASCII}/gu, '')) ? UTF8_HINT : null;
  return asUtf8 === null && isChinese(lines) ? GB18030_HINT : null;
}

/** True for whole lines of Chinese text in GB18030, which noise hardly ever is. */
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

/** Bytes came that mean nothing. `missing`: what they do not contain. */
export function unreadableFault(
  { path, receivedBytes, first, encoding, mask }: UnreadableBytes,
  what: string,
  missing: string,
): Fault {
  return new Fault(
    'device-unreadable',
    `unreadable bytes on ${path}: ${counted(receivedBytes, 'byte')} after ${what}, and ${missing}`,
    {
      hint: encodingHint(first, encoding) ?? LINE_HINT,
      details: { port: path, command: what, bytes: receivedBytes, value: beginningInHex(first, mask) },
    },
  );
}
