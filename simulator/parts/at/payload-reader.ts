const LINE_END = Buffer.from('\r\n');
const ABORT = Buffer.from('+++\r\n');

/** `more`: bytes are missing. `rest`: the bytes that follow, which are no part of the publish. */
export type PayloadState =
  | { readonly state: 'more' }
  | { readonly state: 'whole'; readonly payload: Uint8Array; readonly rest: Uint8Array }
  | { readonly state: 'aborted'; readonly rest: Uint8Array };

/**
 * Reads the raw bytes after the `>` of a long publish: exactly `length` bytes and a line end. The bytes `+++` CR LF
 * anywhere in the payload, or other bytes in place of the line end, abort the publish.
 */
export class PayloadReader {
  readonly #length: number;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(length: number) {
    this.#length = length;
  }

  /** Adds received bytes. Must not be called after `whole` or `aborted`. */
  push(bytes: Uint8Array): PayloadState {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const abort = this.#bytes.indexOf(ABORT);
    if (abort !== -1 && abort + ABORT.length <= this.#length) {
      return { state: 'aborted', rest: this.#bytes.subarray(abort + ABORT.length) };
    }
    const end = this.#length + LINE_END.length;
    if (this.#bytes.length < end) return { state: 'more' };
    const rest = this.#bytes.subarray(end);
    if (!this.#bytes.subarray(this.#length, end).equals(LINE_END)) return { state: 'aborted', rest };
    return { state: 'whole', payload: this.#bytes.subarray(0, this.#length), rest };
  }
}
