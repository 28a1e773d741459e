import { AT_LIMITS, AT_LINE_END } from '#shared/domain/at-module.ts';

export type ReceivedLine = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'too-long' };

const CR = 0x0d;
const LF = 0x0a;
/** The limit is taken to include the line end: who stays within this stays within any reading of it. */
const TEXT_BYTES = AT_LIMITS.lineBytes - AT_LINE_END.length;

/**
 * Cuts what the UART receives into command lines. A line ends with CR LF; a lone LF belongs to the line, as JSON
 * payloads have them. Bytes become characters one to one (Latin-1), so that nothing is lost or refused here.
 */
export class LineReader {
  readonly #bytes = Buffer.alloc(TEXT_BYTES);
  #length = 0;
  #overflow = false;
  #sawCarriageReturn = false;

  /** Takes any bytes and gives the lines that they complete, in order. */
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

  /** Forgets an unfinished line. */
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
