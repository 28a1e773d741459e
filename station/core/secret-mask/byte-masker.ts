const ASTERISK = 0x2a;

/** Masks a byte stream; one instance per stream and direction. */
export interface ByteMasker {
  /** Returns the bytes so far, without an end that may be the beginning of a secret. */
  push(chunk: Uint8Array): Uint8Array;
  /** Returns the end that is held back, unmasked. */
  flush(): Uint8Array;
  /** The end that is held back: the first `length` bytes of a secret, by its index; null when there is none. */
  begun(): { readonly secret: number; readonly length: number } | null;
}

/** Called for each masked occurrence with the index of the secret and the position in the stream at which it ends. */
export type OnMasked = (secret: number, end: number) => void;

/** The search for one secret (Knuth-Morris-Pratt): `matched` bytes of it are the end of the input so far. */
interface Search {
  readonly secret: Uint8Array;
  readonly index: number;
  /** For each matched length, the longest shorter match that the same bytes are also the end of. */
  readonly fallback: Int32Array;
  matched: number;
}

/**
 * Creates a masker that replaces every occurrence of every secret by as many `*`, also when it is cut across chunks and
 * when occurrences overlap; all other bytes pass unchanged and in order. It holds fewer bytes than the longest secret has.
 * Empty secrets are ignored. A secret that contains `*` is masked too, but asterisks might then spell it again.
 *
 * @param secrets each form in which a secret may travel (text, hex, base64) by itself
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
        onMasked?.(search.index, seen + i + 1);
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
    return first === undefined || first.matched === 0 ? null : { secret: first.index, length: first.matched };
  }

  return { push, flush, begun };
}

function createSearch(secret: Uint8Array, index: number): Search {
  const search: Search = {
    secret: secret.slice(),
    index,
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

/** Takes one byte; true when it completes an occurrence. `matched` stays less than the length of the secret. */
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
