import { encodeFrame } from '#shared/codec/frames.ts';
import { Fault } from '#shared/domain/fault.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import { counted } from '#shared/words/index.ts';
import type { Wire } from './wire.ts';

const LINE_END = { crlf: '\r\n', lf: '\n', cr: '\r', none: '' } as const;
/** So much of what a unit said instead is told. */
const TOLD_CHARACTERS = 200;

/** What is sent, its names filled in: a text with its line end, bytes, or the payload of a frame. */
export type Message =
  | { readonly text: string; readonly end: keyof typeof LINE_END }
  | { readonly bytes: Uint8Array }
  | { readonly payload: Uint8Array };

/** The bytes of a message on this wire. Faults: `recipe-invalid` for a payload that fits into no frame. */
export function encodeMessage(message: Message, wire: Wire): Uint8Array {
  if ('text' in message) return new TextEncoder().encode(message.text + LINE_END[message.end]);
  if ('bytes' in message) return message.bytes;
  if (wire.framing === null)
    throw new Fault('recipe-invalid', 'device.frames says nothing of the frames of this device');
  const frame = encodeFrame(wire.framing, message.payload);
  if (frame.ok) return frame.bytes;
  throw new Fault('recipe-invalid', frame.why, { hint: 'See device.frames of the recipe.' });
}

/** What must come, its names filled in. */
export interface AnswerSpec {
  /** On lines of text, or on the payload of a frame in upper-case hex. */
  readonly pattern: string;
  readonly on: 'lines' | 'text' | 'frame';
  readonly withinMs: number;
  /** Every match of what is there by then, for a curve; else the first. */
  readonly every: boolean;
  /** What it is the answer to, for faults. */
  readonly what: string;
}

export interface Answer {
  readonly matches: readonly RegExpExecArray[];
}

/**
 * Waits for an answer and takes it off the wire. Faults: `device-silent` when nothing came at all, `limit-exceeded` when
 * something else came, `port-lost`, and the signal's reason.
 */
export async function answerOn(wire: Wire, spec: AnswerSpec, signal: AbortSignal): Promise<Answer> {
  const look = spec.on === 'frame' ? lookAtFrames(wire, spec) : lookAtText(wire, spec);
  const matches = await wire.until(look, spec.withinMs, signal);
  if (matches !== null) return { matches };
  throw wire.heardBytes === 0 ? silent(wire, spec) : otherwise(wire, spec);
}

function lookAtText(wire: Wire, spec: AnswerSpec): () => RegExpExecArray[] | null {
  const pattern = compilePattern(spec.pattern, { multiline: true });
  let seen = '';
  return () => {
    const { text } = wire;
    // A number that is still coming in must not be taken for a shorter one.
    const whole =
      spec.on === 'text' ? text : text.slice(0, Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1);
    // A line that is still coming in is not looked at each time that a part of it came.
    if (whole === '' || whole === seen) return null;
    seen = whole;
    const lines = whole.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
    const found = pattern.all(lines, spec.every ? Infinity : 1);
    const last = found.at(-1);
    if (last === undefined) return null;
    seen = '';
    wire.take(endIn(whole, last.index + last[0].length));
    return found;
  };
}

/** A place in a text whose line ends were made equal, as a place in the text itself. */
function endIn(text: string, normalised: number): number {
  let at = 0;
  for (let seen = 0; seen < normalised && at < text.length; seen++) at += text.startsWith('\r\n', at) ? 2 : 1;
  return at;
}

function lookAtFrames(wire: Wire, spec: AnswerSpec): () => RegExpExecArray[] | null {
  const pattern = compilePattern(spec.pattern, { ignoreCase: true });
  return () => {
    const found: RegExpExecArray[] = [];
    for (const [index, payload] of wire.frames.entries()) {
      const match = pattern.first(Buffer.from(payload).toString('hex').toUpperCase());
      if (match === null) continue;
      found.push(match);
      if (!spec.every) {
        wire.takeFrames(index + 1);
        return found;
      }
    }
    if (found.length === 0) return null;
    wire.takeFrames(wire.frames.length);
    return found;
  };
}

function silent(wire: Wire, { what, withinMs }: AnswerSpec): Fault {
  return new Fault('device-silent', `no answer to ${what} on ${wire.path} in ${withinMs} ms`, {
    hint: 'Check that the unit is seated, powered and speaks at the recipe’s baud rate.',
    details: { port: wire.path, command: what, timeoutMs: withinMs },
  });
}

function otherwise(wire: Wire, { what, pattern, on }: AnswerSpec): Fault {
  const said =
    on === 'frame'
      ? wire.frames.map((payload) => Buffer.from(payload).toString('hex')).join(' ')
      : wire.text.trim();
  const told =
    said === ''
      ? `${counted(wire.heardBytes, 'byte that makes', 'bytes that make')} no ${on === 'frame' ? 'frame' : 'line'}`
      : said;
  return new Fault('limit-exceeded', `${what}: the answer does not match /${pattern}/`, {
    hint: 'The recording has the whole answer.',
    details: { command: what, value: told.slice(-TOLD_CHARACTERS), limits: pattern },
  });
}
