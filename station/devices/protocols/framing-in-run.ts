import type { Framing } from '#shared/codec/frames.ts';
import { type FrameFormat, framingOf } from '#shared/recipe/index.ts';
import type { SecretMask } from '../../core/secret-mask/index.ts';

/** A masked secret that has no value in a replay, because the station did not know it. */
const MASKED = Buffer.from('********');

/**
 * The framing of a device in a run. In a replay every secret has another value, so that the recorded checksum of a frame with a
 * secret is wrong; it is not checked.
 */
export function framingInRun(format: FrameFormat, mask: SecretMask, isReplay: boolean): Framing {
  const framing = framingOf(format);
  if (!isReplay) return framing;
  const ignoresChecksumOf = (payload: Uint8Array): boolean =>
    Buffer.compare(mask.maskBytes(payload), payload) !== 0 || Buffer.from(payload).includes(MASKED);
  return { ...framing, ignoresChecksumOf };
}

/**
 * The end of a frame to send, from its first secret on; `null` without a secret. Its checksum depends on the secret, and a replay
 * has its own.
 */
export function secretEnd(frame: Uint8Array, mask: SecretMask): Uint8Array | null {
  const bytes = Buffer.from(frame);
  const starts = mask.forms.flatMap((form) => {
    const at = form.length === 0 ? -1 : bytes.indexOf(form);
    return at === -1 ? [] : [at];
  });
  return starts.length === 0 ? null : bytes.subarray(Math.min(...starts));
}
