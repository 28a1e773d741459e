import { encodeFrame } from '#shared/codec/frames.ts';
import { Fault } from '#shared/domain/fault.ts';
import { compilePattern, type Pattern } from '#shared/pattern/index.ts';
import type { Heard } from './received-text.ts';
import { notAnswered } from './no-reply.ts';
import { UNSURE, type Wire } from './serial-io.ts';

const LINE_END = { crlf: '\r\n', lf: '\n', cr: '\r', none: '' } as const;

/** What is sent, its names filled in: a text with its line end, bytes, or the payload of a frame. */
export type Message =
  | { readonly text: string; readonly end: keyof typeof LINE_END }
  | { readonly bytes: Uint8Array }
  | { readonly payload: Uint8Array };

/**
 * The bytes of a message on this wire. Faults: `recipe-invalid` for a payload that fits into no frame, and for a text
 * that the device's encoding cannot write.
 */
export function encodeMessage(message: Message, wire: Wire): Uint8Array {
  if ('bytes' in message) return message.bytes;
  if ('text' in message) {
    const bytes = wire.encodeText(message.text + LINE_END[message.end]);
    if (bytes !== null) return bytes;
    throw new Fault('recipe-invalid', `"${message.text}" cannot be written in the encoding of this device`, {
      hint: 'See device.serial.encoding of the recipe.',
    });
  }
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
  /** Told before the pattern is looked for in a text; what it throws ends the wait. */
  readonly onLook?: (pattern: Pattern, text: string) => void;
}

export interface Answer {
  readonly matches: readonly RegExpExecArray[];
  /** The frame of the first match. */
  readonly payload: Uint8Array | null;
}

/**
 * Waits for an answer and takes it off the wire. Faults: those of `notAnswered`, `port-lost`, and the signal's reason.
 */
export async function answerOn(wire: Wire, spec: AnswerSpec, signal: AbortSignal): Promise<Answer> {
  if (spec.on === 'frame' && wire.framing === null)
    throw new Fault('recipe-invalid', 'device.frames says nothing of the frames of this device');
  const look = spec.on === 'frame' ? lookAtFrames(spec) : lookAtText(spec);
  const answer = await wire.until(look, spec.withinMs, signal);
  if (answer !== null) return answer;
  throw notAnswered(wire, spec);
}

function lookAtText(spec: AnswerSpec): (heard: Heard, isQuiet: boolean) => Answer | null | typeof UNSURE {
  const pattern = compilePattern(spec.pattern, { multiline: true });
  let seen = '';
  let isUnsure = false;
  return (heard, isQuiet) => {
    const text = spec.on === 'text' ? heard.text : heard.lines;
    // A line that is still coming in is not looked at each time that a part of it came.
    if (text === '' || (text === seen && !(isQuiet && isUnsure))) return isUnsure ? UNSURE : null;
    seen = text;
    spec.onLook?.(pattern, text);
    const matches = pattern.all(text, spec.every ? Infinity : 1);
    const last = matches.at(-1);
    const end = last === undefined ? 0 : last.index + last[0].length;
    // A number that is still coming in must not be taken for a shorter one.
    isUnsure = last !== undefined && end === text.length && !text.endsWith('\n') && !isQuiet;
    if (isUnsure) return UNSURE;
    if (last === undefined) return null;
    heard.take(end);
    return { matches, payload: null };
  };
}

function lookAtFrames(spec: AnswerSpec): (heard: Heard) => Answer | null {
  const pattern = compilePattern(spec.pattern, { ignoreCase: true });
  return ({ frames, takeFrames }) => {
    const matches: RegExpExecArray[] = [];
    let payload: Uint8Array | null = null;
    for (const [index, frame] of frames.entries()) {
      const text = Buffer.from(frame).toString('hex').toUpperCase();
      spec.onLook?.(pattern, text);
      const match = pattern.first(text);
      if (match === null) continue;
      matches.push(match);
      payload ??= frame;
      if (!spec.every) {
        takeFrames(index + 1);
        return { matches, payload };
      }
    }
    if (matches.length === 0) return null;
    takeFrames(frames.length);
    return { matches, payload };
  };
}
