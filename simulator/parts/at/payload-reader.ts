const LINE_END = Buffer.from('\r\n');
const ABORT = Buffer.from('+++\r\n');

export type PayloadState =
  | { readonly state: 'more' }
  | { readonly state: 'whole'; readonly payload: Uint8Array; readonly rest: Uint8Array }
  | { readonly state: 'aborted'; readonly rest: Uint8Array };

/**
 * Takes the raw bytes that follow the `>` of a long publish: exactly `length` of them and a line end. `+++` on a line
 * of its own, or anything but a line end behind them, gives the publish up.
 */
export class PayloadReader {
  readonly #length: number;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(length: number) {
    this.#length = length;
  }

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
