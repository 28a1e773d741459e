import { createFrameReader, encodeFrame, type Framing } from '#shared/codec/frames.ts';
import type { ByteRange } from '../../../core/secret-mask/index.ts';

/** The frame of received bytes: its payload in hex, as patterns see it, and where its bytes are; `null` when that is not known. */
export interface ReceivedFrame {
  readonly hex: string;
  readonly range: ByteRange | null;
}

/** The frames in received bytes, in order. `begun`: this many bytes at the end may be an incomplete frame. */
export function receivedFrames(
  bytes: Uint8Array,
  framing: Framing,
): { readonly frames: readonly ReceivedFrame[]; readonly begun: number } {
  const reader = createFrameReader(framing);
  const payloads = [...reader.push(bytes).payloads];
  const begun = reader.buffered.length;
  payloads.push(...reader.quiet().payloads);
  let from = 0;
  const frames = payloads.map((payload) => {
    const frame = encodeFrame(framing, payload);
    const at = frame.ok ? Buffer.from(bytes).indexOf(frame.bytes, from) : -1;
    const range = at === -1 || !frame.ok ? null : { from: at, to: at + frame.bytes.length };
    from = range?.to ?? from;
    return { hex: Buffer.from(payload).toString('hex').toUpperCase(), range };
  });
  return { frames, begun };
}
