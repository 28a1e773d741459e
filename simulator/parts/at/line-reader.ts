import { AT_LIMITS, AT_LINE_END } from '#shared/domain/at-module.ts';

export type ReceivedLine = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'too-long' };

const CR = 0x0d;
const LF = 0x0a;
/** The limit includes the line end, which is the strictest interpretation of the document. */
const TEXT_BYTES = AT_LIMITS.lineBytes - AT_LINE_END.length;

/**
 * Splits the bytes of the UART into command lines. A line ends with CR LF; a lone LF belongs to the line, because JSON
 * payloads contain them. Bytes are decoded as Latin-1, so that none is lost.
 */
export class LineReader {
  readonly #bytes = Buffer.alloc(TEXT_BYTES);
  #length = 0;
  #overflow = false;
  #sawCarriageReturn = false;

  /** The lines completed by `bytes`, in order. */
  push(bytes: Uint8Array): readonly ReceivedLine[] {
    const lines: ReceivedLine[] = [];
    for (const byte of bytes) {
      if (this.#sawCarriageReturn && byte === LF) {
        lines.push(
          this.#overflow
            ? { kind: 'too-long' }
            : { kind: 'line', text: this.#bytes.toString('latin1', 0, this.#length) },
        );
        this.clear();
        continue;
      }
      if (this.#sawCarriageReturn) this.#append(CR);
      this.#sawCarriageReturn = byte === CR;
      if (!this.#sawCarriageReturn) this.#append(byte);
    }
    return lines;
  }

  /** Discards an incomplete line. */
  clear(): void {
    this.#length = 0;
    this.#overflow = false;
    this.#sawCarriageReturn = false;
  }

  #append(byte: number): void {
    if (this.#length === TEXT_BYTES) this.#overflow = true;
    else this.#bytes[this.#length++] = byte;
  }
}
