/** Bits 15 and 14 of a length: which part of a message this is. */
const PART = { whole: 0, head: 1, body: 2, tail: 3 } as const;
/** Bit 13 of a length: the unit's user has said no. */
const REJECTED = 0x2000;
const LENGTH_BITS = 0x0fff;
const HEADER_BYTES = 3;
/** The longest message of the SDK (`BLE_QIOT_EVENT_MAX_SIZE`). */
export const MAX_MESSAGE_BYTES = 2048;
/** What one write or notification carries at the smallest MTU. */
export const MIN_SLICE_BYTES = 20;

/** A message of the unit, put together from its slices. */
export interface LlsyncMessage {
  readonly type: number;
  /** Bit 13 of the length. */
  readonly rejected: boolean;
  readonly data: Uint8Array;
}

/**
 * A message as the values to write: one, or slices of at most `sliceBytes` bytes. Each has the type, a length of 16 bits (big end
 * first) and data; bits 15-14 of the length: 0 whole, 1 head, 2 body, 3 tail. Source: LLSync protocol 1.4.1, packets.
 *
 * @param sliceBytes at least 20; ATT MTU less 3
 */
export function encodeMessage(type: number, data: Uint8Array, sliceBytes: number): Uint8Array[] {
  const room = sliceBytes - HEADER_BYTES;
  if (data.length <= room) return [slice(type, PART.whole, data)];
  const count = Math.ceil(data.length / room);
  return Array.from({ length: count }, (_, index) => {
    const part = index === 0 ? PART.head : index === count - 1 ? PART.tail : PART.body;
    return slice(type, part, data.subarray(index * room, (index + 1) * room));
  });
}

function slice(type: number, part: number, data: Uint8Array): Uint8Array {
  const length = (part << 14) | data.length;
  return Uint8Array.of(type, length >> 8, length & 0xff, ...data);
}

/** What a received value was. */
export type Received =
  | { readonly kind: 'message'; readonly message: LlsyncMessage }
  /** A slice; more belong to its message. */
  | { readonly kind: 'part' }
  /** No value of the protocol; what came before it is forgotten. */
  | { readonly kind: 'garbage'; readonly reason: string };

/**
 * Puts the notifications of one unit together. A head begins its message anew; a body or tail without a head, of another type, or
 * that makes the message too long is garbage, as in the SDK. Some events repeat bytes in front of each slice (the id of an event,
 * the result and id of an action): `repeatedBytes` says how many.
 */
export class SliceReader {
  readonly #repeatedBytes: (type: number) => number;
  #begun: { readonly type: number; readonly parts: Uint8Array[]; length: number } | null = null;

  constructor(repeatedBytes: (type: number) => number = () => 0) {
    this.#repeatedBytes = repeatedBytes;
  }

  /** Takes one value of FFE3. */
  push(value: Uint8Array): Received {
    const [type, high, low] = value;
    if (type === undefined) return this.#garbage('it is empty');
    // An event without data has no length.
    if (value.length === 1) return this.#whole({ type, rejected: false, data: new Uint8Array() });
    if (high === undefined || low === undefined) return this.#garbage('its length is cut off');
    const lengthField = (high << 8) | low;
    const data = value.subarray(HEADER_BYTES);
    if ((lengthField & LENGTH_BITS) !== data.length)
      return this.#garbage(
        `its length says ${lengthField & LENGTH_BITS} bytes, and ${data.length} bytes came`,
      );
    const rejected = (lengthField & REJECTED) !== 0;
    switch (lengthField >> 14) {
      case PART.whole:
        return this.#whole({ type, rejected, data });
      case PART.head:
        this.#begun = { type, parts: [data], length: data.length };
        return { kind: 'part' };
      default:
        return this.#continue(type, rejected, data, lengthField >> 14 === PART.tail);
    }
  }

  #continue(type: number, rejected: boolean, data: Uint8Array, isLast: boolean): Received {
    const begun = this.#begun;
    if (begun === null) return this.#garbage('it continues a message that has not begun');
    if (begun.type !== type) return this.#garbage('it continues a message of another type');
    const repeated = this.#repeatedBytes(type);
    if (data.length < repeated) return this.#garbage('its header is cut off');
    const added = data.subarray(repeated);
    begun.parts.push(added);
    begun.length += added.length;
    if (begun.length > MAX_MESSAGE_BYTES)
      return this.#garbage(`its message is longer than ${MAX_MESSAGE_BYTES} bytes`);
    if (!isLast) return { kind: 'part' };
    return this.#whole({ type, rejected, data: new Uint8Array(Buffer.concat(begun.parts)) });
  }

  #whole(message: LlsyncMessage): Received {
    this.#begun = null;
    return { kind: 'message', message };
  }

  #garbage(reason: string): Received {
    this.#begun = null;
    return { kind: 'garbage', reason };
  }
}
