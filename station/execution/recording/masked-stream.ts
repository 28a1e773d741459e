import { type ByteMasker, createByteMasker } from '#shared/codec/mask.ts';

/** So few bytes that look like the beginning of a secret say nothing about it. */
const HARMLESS_BYTES = 3;

/** What became known of earlier chunks. */
export interface Settled {
  /** Bytes that were held back of the chunk in this line, and may be written now. */
  readonly late: readonly { readonly of: number; readonly bytes: Uint8Array }[];
  /** Secrets that were masked: the first `len` bytes of `form`, up to byte `end` of the stream. */
  readonly masked: readonly { readonly end: number; readonly len: number; readonly form: number }[];
}

export interface MaskedChunk extends Settled {
  readonly own: Uint8Array;
  /** How many bytes of this chunk are held back. */
  readonly held: number;
}

/**
 * One direction of one wire on its way to a recording. Whatever may be the beginning of a secret is held back until
 * it is known, and each byte stays with the chunk that it came in, so that the recording keeps when it came.
 */
export class MaskedStream {
  #forms: readonly Uint8Array[] = [];
  #masker: ByteMasker = createByteMasker([]);
  #length = 0;
  /** Where in the stream the masker of now began. */
  #base = 0;
  #owed: { readonly of: number; count: number }[] = [];
  #found: { end: number; len: number; form: number }[] = [];

  constructor(forms: readonly Uint8Array[]) {
    this.protect(forms);
  }

  /** @param line the line that this chunk will be. */
  push(line: number, chunk: Uint8Array): MaskedChunk {
    const safe = this.#masker.push(chunk);
    this.#length += chunk.length;
    const [late, used] = this.#pay(safe);
    const own = safe.subarray(used);
    const held = chunk.length - own.length;
    if (held > 0) this.#owed.push({ of: line, count: held });
    return { own, held, late, masked: this.#take() };
  }

  /** The stream ends, or is looked through for other secrets from now on: nothing is held any more. */
  settle(): Settled {
    const begun = this.#masker.begun();
    const rest = this.#masker.flush();
    if (begun !== null && begun.length > HARMLESS_BYTES) {
      rest.fill(0x2a);
      this.#found.push({ end: this.#length, len: begun.length, form: begun.secret });
    }
    const [late] = this.#pay(rest);
    return { late, masked: this.#take() };
  }

  /** Call `settle` before. */
  protect(forms: readonly Uint8Array[]): void {
    this.#forms = forms;
    this.#base = this.#length;
    this.#masker = createByteMasker(forms, (form, end) => {
      this.#found.push({ end: this.#base + end, len: this.#forms[form]?.length ?? 0, form });
    });
  }

  #pay(bytes: Uint8Array): [Settled['late'], number] {
    const late: { of: number; bytes: Uint8Array }[] = [];
    let used = 0;
    for (const debt of this.#owed) {
      const now = Math.min(debt.count, bytes.length - used);
      if (now === 0) break;
      late.push({ of: debt.of, bytes: bytes.subarray(used, used + now) });
      debt.count -= now;
      used += now;
    }
    this.#owed = this.#owed.filter(({ count }) => count > 0);
    return [late, used];
  }

  #take(): Settled['masked'] {
    const found = this.#found;
    this.#found = [];
    return found;
  }
}
