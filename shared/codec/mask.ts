/*
 * Secrets leave the program masked or not at all. Two shapes of the same duty: one word on a screen, and a
 * stream of bytes on its way to a recording.
 */

const ASTERISK = 0x2a;
/** From here on three characters say nothing useful about the rest (18 of at least 96 bits). */
const SHORTEST_SHOWN = 16;

/**
 * A secret as it may be shown: `48W*********`. The number of asterisks is fixed, so the length stays private, and
 * short secrets show nothing at all.
 */
export function maskSecret(secret: string): string {
  const shown = secret.length >= SHORTEST_SHOWN ? secret.slice(0, 3) : '';
  return `${shown}*********`;
}

/** Masks a byte stream; one instance per stream and direction. */
export interface ByteMasker {
  /** What is safe to write now: all bytes so far, except a tail that may be the beginning of a secret. */
  push(chunk: Uint8Array): Uint8Array;
  /** The held tail, when the stream ends. A secret that was begun but never completed is let through. */
  flush(): Uint8Array;
  /** What is held now: the first `length` bytes of this secret (by its place in the list); null for nothing. */
  begun(): { readonly secret: number; readonly length: number } | null;
}

/** Told of each occurrence that was masked: the secret's place in the list, and where in the stream it ends. */
export type OnMasked = (secret: number, end: number) => void;

/** One secret being looked for (Knuth-Morris-Pratt): `matched` bytes of it are the end of the input so far. */
interface Search {
  readonly secret: Uint8Array;
  readonly place: number;
  /** For each matched length, the longest shorter match that the same bytes are also the end of. */
  readonly fallback: Int32Array;
  matched: number;
}

/**
 * A masker that replaces every occurrence of every secret by as many `*`, also when it is cut across chunks and
 * when occurrences overlap; all other bytes pass unchanged and in order. It never holds more than the longest
 * secret less one byte. Empty secrets are ignored. A secret that itself contains `*` is masked too, but only for
 * secrets without one is it certain that a mask cannot spell it again.
 *
 * The stream is matched as bytes: pass each form in which a secret may travel (text, hex, base64) by itself.
 */
export function createByteMasker(secrets: readonly Uint8Array[], onMasked?: OnMasked): ByteMasker {
  const searches = secrets.map(createSearch).filter(({ secret }) => secret.length > 0);
  let held = new Uint8Array(0);
  let seen = 0;

  function push(chunk: Uint8Array): Uint8Array {
    const bytes = concat(held, chunk);
    for (let i = 0; i < chunk.length; i++) {
      const end = held.length + i + 1;
      for (const search of searches) {
        if (!advance(search, chunk[i] ?? 0)) continue;
        bytes.fill(ASTERISK, end - search.secret.length, end);
        onMasked?.(search.place, seen + i + 1);
      }
    }
    seen += chunk.length;
    const keep = searches.reduce((longest, search) => Math.max(longest, search.matched), 0);
    held = bytes.slice(bytes.length - keep);
    return bytes.subarray(0, bytes.length - keep);
  }

  function flush(): Uint8Array {
    const rest = held;
    held = new Uint8Array(0);
    for (const search of searches) search.matched = 0;
    return rest;
  }

  function begun(): { secret: number; length: number } | null {
    const [first] = [...searches].sort((a, b) => b.matched - a.matched);
    return first === undefined || first.matched === 0 ? null : { secret: first.place, length: first.matched };
  }

  return { push, flush, begun };
}

function createSearch(secret: Uint8Array, place: number): Search {
  const search: Search = {
    secret: secret.slice(),
    place,
    fallback: new Int32Array(secret.length + 1),
    matched: 0,
  };
  for (let length = 2; length <= secret.length; length++) {
    let border = search.fallback[length - 1] ?? 0;
    while (border > 0 && secret[border] !== secret[length - 1]) border = search.fallback[border] ?? 0;
    search.fallback[length] = secret[border] === secret[length - 1] ? border + 1 : 0;
  }
  return search;
}

/** Takes one byte; true when it completes an occurrence. `matched` stays below the secret's length. */
function advance(search: Search, byte: number): boolean {
  const { secret, fallback } = search;
  while (search.matched > 0 && secret[search.matched] !== byte)
    search.matched = fallback[search.matched] ?? 0;
  if (secret[search.matched] === byte) search.matched += 1;
  if (search.matched < secret.length) return false;
  search.matched = fallback[search.matched] ?? 0;
  return true;
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
