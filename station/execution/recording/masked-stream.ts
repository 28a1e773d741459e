import {
  type ByteMasker,
  type ByteRange,
  createByteMasker,
  type Decision,
  type IsKept,
  MIN_REVEALING_LENGTH,
} from '../../core/secret-mask/index.ts';

const ASTERISK = 0x2a;
const CR = 0x0d;
const LF = 0x0a;

/** What became known about the bytes of earlier entries. */
export interface Settled {
  /** Bytes that the entry in this line held back. */
  readonly late: readonly { readonly entry: number; readonly bytes: Uint8Array }[];
  /** Secrets that were masked: the first `length` bytes of form `form`, up to byte `end` of the stream. */
  readonly masked: readonly { readonly end: number; readonly length: number; readonly form: number }[];
}

export interface MaskedChunk extends Settled {
  readonly own: Uint8Array;
  /** How many bytes of this chunk are held back. */
  readonly heldBack: number;
}

/**
 * One direction of a byte stream on its way to a recording. Bytes that may be the beginning of a secret are held back
 * until they are known not to be; each byte stays with the entry of its chunk, so that the recording shows when it came.
 */
export class MaskedStream {
  #forms: readonly Uint8Array[] = [];
  #masker: ByteMasker = createByteMasker([]);
  #length = 0;
  /** Chunks that are kept until it is known whether they contain a secret; `null` when none are. */
  #held: Uint8Array[] | null = null;
  /** Length of the stream when the current masker was made. */
  #base = 0;
  #owed: { readonly entry: number; count: number }[] = [];
  #ranges: { end: number; length: number; form: number }[] = [];

  constructor(forms: readonly Uint8Array[], concealed: readonly Uint8Array[] = []) {
    this.setForms(forms, concealed);
  }

  /** @param line number of the entry that this chunk will be. */
  push(line: number, chunk: Uint8Array): MaskedChunk {
    if (this.#held !== null) {
      this.#held.push(Uint8Array.from(chunk));
      this.#owed.push({ entry: line, count: chunk.length });
      return { own: new Uint8Array(0), heldBack: chunk.length, late: [], masked: this.#takeFound() };
    }
    const safe = this.#masker.push(chunk);
    this.#length += chunk.length;
    const [late, used] = this.#assignLateBytes(safe);
    const own = safe.subarray(used);
    const heldBack = chunk.length - own.length;
    if (heldBack > 0) this.#owed.push({ entry: line, count: heldBack });
    return { own, heldBack, late, masked: this.#takeFound() };
  }

  /** Releases the bytes that are held back: the stream ends, or its masker is replaced. */
  settle(): Settled {
    const begun = this.#masker.begun();
    const rest = this.#masker.flush();
    if (begun !== null && begun.length >= MIN_REVEALING_LENGTH) {
      rest.fill(ASTERISK);
      if (begun.secret < this.#forms.length)
        this.#ranges.push({ end: this.#length, length: begun.length, form: begun.secret });
    }
    const [late] = this.#assignLateBytes(rest);
    return { late, masked: this.#takeFound() };
  }

  /** Keeps the bytes that come from now on. */
  hold(): void {
    this.#held ??= [];
  }

  /** Masks the kept values. A value for which `isKept` is false becomes asterisks. */
  release(isKept: IsKept): Settled {
    let at = 0;
    const withheld: ByteRange[] = [];
    for (const value of this.#held ?? []) {
      if (!isKept(value)) withheld.push({ from: at, to: at + value.length });
      at += value.length;
    }
    const settled = this.decide({ count: Infinity, withheld });
    this.#held = null;
    return settled;
  }

  /** Replaces the kept bytes by asterisks, except line ends. */
  discard(): Settled {
    return this.release(() => false);
  }

  /** Masks the first `count` kept bytes. The ranges `withheld` become asterisks, except line ends. */
  decide({ count, withheld }: Omit<Decision, 'why'>): Settled {
    const all = Uint8Array.from(Buffer.concat(this.#held ?? []));
    const bytes = all.subarray(0, count);
    if (bytes.length === 0) return { late: [], masked: [] };
    this.#held = bytes.length === all.length ? [] : [all.slice(bytes.length)];
    for (const { from, to } of withheld)
      for (let at = from; at < Math.min(to, bytes.length); at++)
        if (bytes[at] !== CR && bytes[at] !== LF) bytes[at] = ASTERISK;
    const safe = this.#masker.push(bytes);
    this.#length += bytes.length;
    const [late] = this.#assignLateBytes(safe);
    return { late, masked: this.#takeFound() };
  }

  /**
   * Masks these forms from now on. Call `settle` before.
   *
   * @param concealed further forms, which the recording does not name
   */
  setForms(forms: readonly Uint8Array[], concealed: readonly Uint8Array[] = []): void {
    this.#forms = forms;
    this.#base = this.#length;
    this.#masker = createByteMasker([...forms, ...concealed], (form, end) => {
      if (form >= forms.length) return;
      this.#ranges.push({ end: this.#base + end, length: forms[form]?.length ?? 0, form });
    });
  }

  #assignLateBytes(bytes: Uint8Array): [Settled['late'], number] {
    const late: { entry: number; bytes: Uint8Array }[] = [];
    let used = 0;
    for (const debt of this.#owed) {
      const count = Math.min(debt.count, bytes.length - used);
      if (count === 0) break;
      late.push({ entry: debt.entry, bytes: bytes.subarray(used, used + count) });
      debt.count -= count;
      used += count;
    }
    this.#owed = this.#owed.filter(({ count }) => count > 0);
    return [late, used];
  }

  #takeFound(): Settled['masked'] {
    const ranges = this.#ranges;
    this.#ranges = [];
    return ranges;
  }
}
