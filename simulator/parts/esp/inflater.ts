import { createInflate, type Inflate } from 'node:zlib';

/** Decompresses a zlib stream that arrives in blocks. */
export class Inflater implements Disposable {
  readonly #inflate: Inflate = createInflate();
  #output: Buffer[] = [];
  #failed = false;
  #wake: () => void = () => undefined;

  constructor() {
    this.#inflate.on('data', (bytes: Buffer) => this.#output.push(bytes));
    this.#inflate.on('error', () => {
      this.#failed = true;
      this.#wake();
    });
  }

  /** The bytes that a block decompresses to; `null` when it is no valid continuation of the stream. */
  async push(block: Uint8Array): Promise<Buffer | null> {
    if (this.#failed) return null;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#inflate.write(block, () => resolve());
    });
    const bytes = Buffer.concat(this.#output);
    this.#output = [];
    return this.#failed ? null : bytes;
  }

  [Symbol.dispose](): void {
    this.#inflate.destroy();
  }
}
