import { MAX_ATTACHMENT_BYTES } from '#shared/domain/attachment.ts';
import { tooLarge } from '../run-context/index.ts';

/** Files of one script whose beginning has come, in pieces. */
const MAX_BEGUN = 8;

/** A long file comes from the process of a script in pieces: all of text, or all of bytes. */
export class ScriptFiles {
  readonly #begun = new Map<number, { readonly pieces: (string | Uint8Array)[]; bytes: number }>();

  /** Faults: `attachment-refused` when the file is too large. */
  add(id: number, piece: string | Uint8Array): void {
    const begun = this.#begun.get(id) ?? { pieces: [], bytes: 0 };
    begun.bytes += piece.length;
    const isTooMuch =
      begun.bytes > MAX_ATTACHMENT_BYTES || (!this.#begun.has(id) && this.#begun.size >= MAX_BEGUN);
    if (isTooMuch) {
      this.#begun.delete(id);
      throw tooLarge('a file of the script');
    }
    begun.pieces.push(piece);
    this.#begun.set(id, begun);
  }

  /** The whole file, with its last piece. Faults: as `add`. */
  end(id: number, piece: string | Uint8Array): Uint8Array {
    this.add(id, piece);
    const pieces = this.#begun.get(id)?.pieces ?? [];
    this.#begun.delete(id);
    // A character of two code units may be cut by the end of a piece.
    if (pieces.every((one) => typeof one === 'string')) return Buffer.from(pieces.join(''));
    return Buffer.concat(pieces.map((one) => Buffer.from(one)));
  }
}
