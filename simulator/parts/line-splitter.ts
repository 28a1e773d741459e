const CR = 0x0d;
const LF = 0x0a;

/** A line, or the notice that a line was too long and is lost. */
export type SplitLine = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'too-long' };

/** Splits bytes into lines of UTF-8 that end with CR, LF, or both. Empty lines are skipped. */
export class LineSplitter {
  readonly #limit: number;
  #bytes: number[] = [];
  #overflow = false;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  push(bytes: Uint8Array): readonly SplitLine[] {
    const lines: SplitLine[] = [];
    for (const byte of bytes) {
      if (byte !== CR && byte !== LF) {
        if (this.#bytes.length < this.#limit) this.#bytes.push(byte);
        else this.#overflow = true;
        continue;
      }
      if (this.#overflow) lines.push({ kind: 'too-long' });
      else if (this.#bytes.length > 0)
        lines.push({ kind: 'line', text: Buffer.from(this.#bytes).toString('utf8') });
      this.clear();
    }
    return lines;
  }

  /** Discards an incomplete line. */
  clear(): void {
    this.#bytes = [];
    this.#overflow = false;
  }
}
