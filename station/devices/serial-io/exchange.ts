import { encodeFrame } from '#shared/codec/frames.ts';
import { UNDECODED } from '#shared/codec/text-encoding.ts';
import { Fault } from '#shared/domain/fault.ts';
import { compilePattern, type Pattern } from '#shared/pattern/index.ts';
import { noAnswerFault } from './answer-faults.ts';
import { INCOMPLETE, type Search, type SerialIo } from './serial-io.ts';

const LINE_END = { crlf: '\r\n', lf: '\n', cr: '\r', none: '' } as const;

/** A message with its variables filled in: a text with its line end, bytes, or the payload of a frame. */
export type Message =
  | { readonly text: string; readonly end: keyof typeof LINE_END }
  | { readonly bytes: Uint8Array }
  | { readonly payload: Uint8Array };

/**
 * The bytes of a message for this device. Faults: `recipe-invalid` for a payload that fits into no frame, and for a text
 * that the device's encoding cannot write.
 */
export function encodeMessage(message: Message, io: SerialIo): Uint8Array {
  if ('bytes' in message) return message.bytes;
  if ('text' in message) {
    const bytes = io.encodeText(message.text + LINE_END[message.end]);
    if (bytes !== null) return bytes;
    throw new Fault('recipe-invalid', `"${message.text}" cannot be written in the encoding of this device`, {
      hint: 'See device.serial.encoding of the recipe.',
    });
  }
  if (io.framing === null)
    throw new Fault('recipe-invalid', 'device.frames does not describe the frames of this device');
  const frame = encodeFrame(io.framing, message.payload);
  if (frame.ok) return frame.bytes;
  throw new Fault('recipe-invalid', frame.reason.en, { hint: 'See device.frames of the recipe.' });
}

/** An expected answer with its variables filled in. */
export interface AnswerSpec {
  /** Matched on text, or on the payload of a frame in upper-case hex. */
  readonly pattern: string;
  readonly on: 'lines' | 'text' | 'frame';
  readonly timeoutMs: number;
  /** True for every match that is there by then (a curve), false for the first. */
  readonly every: boolean;
  /** The question, for faults. */
  readonly what: string;
  /** Called before each search of a text; an error that it throws ends the wait. */
  readonly onSearch?: (pattern: Pattern, text: string) => void;
}

export interface Answer {
  readonly matches: readonly RegExpExecArray[];
  /** The frame of the first match. */
  readonly payload: Uint8Array | null;
}

/**
 * Waits for an answer and takes it off the io. Faults: those of `noAnswerFault`, `port-lost`, and the signal's reason.
 */
export async function expectAnswer(io: SerialIo, spec: AnswerSpec, signal: AbortSignal): Promise<Answer> {
  if (spec.on === 'frame' && io.framing === null)
    throw new Fault('recipe-invalid', 'device.frames does not describe the frames of this device');
  io.guard?.awaits(spec);
  const search = spec.on === 'frame' ? searchFrames(spec) : searchText(spec);
  const answer = await io.waitFor(search, spec.timeoutMs, signal);
  if (answer !== null) return answer;
  throw noAnswerFault(io, spec);
}

/** As `expectAnswer`, for the first of several answers that comes. Null when none of them comes in time. */
export async function expectOneOf(
  io: SerialIo,
  specs: readonly AnswerSpec[],
  signal: AbortSignal,
): Promise<{ readonly spec: AnswerSpec; readonly match: RegExpExecArray } | null> {
  const searches = specs.map((spec) => ({
    spec,
    search: spec.on === 'frame' ? searchFrames(spec) : searchText(spec),
  }));
  const [timeoutMs = 0] = specs.map((spec) => spec.timeoutMs);
  return io.waitFor(
    (received, isSilent) => {
      let isIncomplete = false;
      for (const { spec, search } of searches) {
        const found = search(received, isSilent);
        if (found === INCOMPLETE) isIncomplete = true;
        else if (found?.matches[0] !== undefined) return { spec, match: found.matches[0] };
        // A longer answer of an earlier kind may still come.
        if (isIncomplete) return INCOMPLETE;
      }
      return null;
    },
    timeoutMs,
    signal,
  );
}

function searchText(spec: AnswerSpec): Search<Answer> {
  const pattern = compilePattern(spec.pattern, { multiline: true });
  let seen = '';
  let isIncomplete = false;
  return (received, isSilent) => {
    const text = spec.on === 'text' ? received.text : received.lines;
    // The text is searched when it has grown, not each time that a part of a line came.
    if (text === '' || (text === seen && !(isSilent && isIncomplete)))
      return isIncomplete ? INCOMPLETE : null;
    seen = text;
    spec.onSearch?.(pattern, text);
    const matches = pattern.all(text, spec.every ? Infinity : 1);
    const last = matches.at(-1);
    const end = last === undefined ? 0 : last.index + last[0].length;
    // A number of which digits are still to come must not be taken for a shorter one.
    isIncomplete = last !== undefined && end === text.length && !text.endsWith('\n') && !isSilent;
    if (isIncomplete) return INCOMPLETE;
    if (last === undefined) return null;
    received.take(end);
    return { matches, payload: null };
  };
}

function searchFrames(spec: AnswerSpec): Search<Answer> {
  const pattern = compilePattern(spec.pattern, { ignoreCase: true });
  return ({ frames, takeFrames }) => {
    const matches: RegExpExecArray[] = [];
    let payload: Uint8Array | null = null;
    for (const [index, frame] of frames.entries()) {
      const text = Buffer.from(frame).toString('hex').toUpperCase();
      spec.onSearch?.(pattern, text);
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

/** A disturbed line leaves NUL between characters; no text has it. */
const NUL = '\0';

/**
 * A received text that can be recorded. Faults: `device-garbled` for one with bytes that its encoding has no character
 * for, or NUL.
 */
export function requireText(text: string, name: string, what: string): string {
  if (!text.includes(UNDECODED) && !text.includes(NUL)) return text;
  throw new Fault('device-garbled', `${what}: ${name} has bytes that are no text: "${text}"`, {
    hint: 'Say in device.serial.encoding how the unit writes its text (gb18030), or check the wires to the unit.',
    details: { measurement: name, value: text },
  });
}
