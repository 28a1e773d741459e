import type { BlufiCipher } from './cipher.ts';
import { encodeFrame, CHECKSUM_BYTES, HEADER_BYTES, MAX_DATA_BYTES, REMAINING_BYTES } from './frame.ts';
import { FLAG } from './frame-types.ts';

/** The least that one write carries: MTU 23. */
export const MIN_FRAME_BYTES = 20;

export interface SendOptions {
  readonly isEncrypted: boolean;
  readonly hasChecksum: boolean;
  /** Whether the unit confirms every frame of the message. */
  readonly isAckWanted: boolean;
}

/** One frame of a message. */
export interface WrittenFrame {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/**
 * Makes the frames of messages to the unit: the sequence counts from 0 and wraps at 256; long contents are fragments, of which each
 * except the last tells how much remains. Two bytes that would be left go with the frame before them, because they need no more
 * room than that number. Source: ESP-IDF, "BluFi"; EspBlufiForAndroid.
 */
export class FrameWriter {
  #sequence = 0;

  /**
   * The frames of one message, to be written in this order.
   *
   * @param frameBytes what one write carries
   */
  *write(
    type: number,
    content: Uint8Array,
    frameBytes: number,
    options: SendOptions,
    cipher: BlufiCipher | null,
  ): Generator<WrittenFrame, void, undefined> {
    const { isEncrypted, hasChecksum, isAckWanted } = options;
    const flags =
      (isEncrypted && content.length > 0 ? FLAG.encrypted : 0) |
      (hasChecksum ? FLAG.checksum : 0) |
      (isAckWanted ? FLAG.ackWanted : 0);
    const overhead = HEADER_BYTES + (hasChecksum ? CHECKSUM_BYTES : 0);
    const room = Math.min(Math.max(frameBytes, MIN_FRAME_BYTES) - overhead, MAX_DATA_BYTES);
    const partBytes = room - REMAINING_BYTES;
    let rest = content;
    while (rest.length > room) {
      const data = Uint8Array.of(rest.length & 0xff, rest.length >> 8, ...rest.subarray(0, partBytes));
      yield this.#frame(type, flags | FLAG.more, data, cipher);
      rest = rest.subarray(partBytes);
    }
    yield this.#frame(type, flags, rest, cipher);
  }

  #frame(type: number, flags: number, data: Uint8Array, cipher: BlufiCipher | null): WrittenFrame {
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) & 0xff;
    return { sequence, bytes: encodeFrame({ type, flags, sequence, data }, cipher) };
  }
}
