import { checkText as text } from '../texts/check-texts.ts';
import { crcBytes } from '../../codec/crc.ts';
import { createFrameReader, encodeFrame, type Framing } from '../../codec/frames.ts';
import { modbusSizes } from '../../codec/modbus-sizes.ts';
import { describePattern } from '../../pattern/index.ts';
import type { FrameFormat } from '../frame-format.ts';
import { framingOf } from '../framing.ts';
import { fillBytes, fillPattern, SAMPLE_SCOPE } from '../unit-text.ts';
import type { Mistake } from '../mistake.ts';
import { identityExchanges } from './identity.ts';
import type { Path, RecipeView } from './view.ts';

/** Payloads that no frame of the device can hold, and patterns that match no payload. */
export function* frameMistakes({ device, inOrder }: RecipeView): Iterable<Mistake> {
  const frames = device?.frames;
  if (frames === undefined) return;
  if (device?.serial?.dataBits === 7)
    yield {
      path: ['device', 'serial', 'dataBits'],
      message: text('frames-seven-bits'),
    };
  yield* checksumMistakes(frames);
  const framing = framingOf(frames);
  const written = [
    ...(device?.identify ?? []).map((item, index) => ({ path: ['device', 'identify', index], item })),
    ...identityExchanges(device),
    ...inOrder.map(({ path, step }) => ({ path, item: step ?? {} })),
  ];
  for (const { path, item } of written) {
    const { frame, expectFrame } = item as {
      readonly frame?: string | undefined;
      readonly expectFrame?: string | undefined;
    };
    if (frame !== undefined) yield* payloadMistakes(frame, frames, framing, [...path, 'frame']);
    if (expectFrame !== undefined)
      yield* patternMistakes(expectFrame, frames, framing, [...path, 'expectFrame']);
  }
}

function* checksumMistakes({ length, checksum }: FrameFormat): Iterable<Mistake> {
  if (length !== 'modbus' || checksum === undefined) return;
  if (checksum.kind === 'crc16-modbus' && checksum.order === 'little') return;
  yield {
    path: ['device', 'frames', 'checksum'],
    message: text('frames-modbus-checksum'),
  };
}

function* payloadMistakes(
  frame: string,
  { length: kind, payloadBytes, maxPayloadBytes }: FrameFormat,
  framing: Framing,
  path: Path,
): Iterable<Mistake> {
  // A filled-in value may have any length.
  if (frame.includes('{')) return;
  const payload = fillBytes(frame, SAMPLE_SCOPE);
  if (payload === null) return;
  const { length } = payload;
  const inside = payloadOf(payload, framing);
  if (inside !== null) yield { path, message: text('frame-whole', inHex(inside)) };
  else if (payloadBytes !== undefined && length !== payloadBytes)
    yield { path, message: text('frame-payload-size', length, payloadBytes) };
  else if (length > maxPayloadBytes)
    yield {
      path,
      message: text('frame-payload-large', length, maxPayloadBytes),
    };
  else if (kind === 'modbus') yield* requestMistakes(payload, path);
  else {
    const framed = encodeFrame(framing, payload);
    if (!framed.ok) yield { path, message: framed.reason };
  }
}

/** Modbus functions whose request has an address, a function and four bytes. */
const SHORT_REQUESTS: readonly unknown[] = [1, 2, 3, 4, 5, 6];

function* requestMistakes(payload: Uint8Array, path: Path): Iterable<Mistake> {
  const [, code] = payload;
  if (code === undefined) yield { path, message: text('modbus-payload', payload.length) };
  const sizes = modbusSizes(payload);
  if (!SHORT_REQUESTS.includes(code) || sizes === 'more' || sizes.includes(payload.length)) return;
  yield { path, message: text('modbus-request', payload.length, code ?? 0) };
}

function* patternMistakes(
  pattern: string,
  { payloadBytes }: FrameFormat,
  framing: Framing,
  path: Path,
): Iterable<Mistake> {
  // A filled-in value may have any length.
  if (fillPattern(pattern, SAMPLE_SCOPE) !== pattern) return;
  const parts = describePattern(pattern);
  if (parts === null) return;
  const { wholeLength: digits, wholeText } = parts;
  const bytes = wholeText === null ? null : fillBytes(wholeText, SAMPLE_SCOPE);
  const inside = bytes === null ? null : payloadOf(bytes, framing);
  if (inside !== null) yield { path, message: text('frame-whole-awaited', inHex(inside, '')) };
  else if (payloadBytes !== undefined && digits !== null && digits % 2 === 0 && digits !== 2 * payloadBytes)
    yield {
      path,
      message: text('frame-awaits', digits / 2, payloadBytes),
    };
}

/** Bytes of a frame outside of its payload that are enough to recognise a whole frame. */
const MIN_FRAME_BYTES = 3;

/** The payload of bytes that are a whole frame; `null` for other bytes. */
function payloadOf(bytes: Uint8Array, framing: Framing): Uint8Array | null {
  const { start, end, length, checksum } = framing;
  const sum = checksum === undefined ? 0 : crcBytes(checksum.kind);
  const field = typeof length === 'object' ? length.bytes : 0;
  const outside = start.length + sum + field + (end?.length ?? 0);
  // Some checksums of zeros are zero.
  if ((outside < MIN_FRAME_BYTES && sum < 2) || bytes.every((byte) => byte === 0)) return null;
  const reader = createFrameReader(framing);
  const all = [reader.push(bytes), reader.quiet()];
  const [payload, ...others] = all.flatMap(({ payloads }) => payloads);
  const isOne = payload !== undefined && others.length === 0 && reader.buffered.length === 0;
  return isOne && all.every(({ rest }) => rest.length === 0) ? payload : null;
}

function inHex(bytes: Uint8Array, separator = ' '): string {
  return [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(separator);
}
