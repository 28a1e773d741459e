const MAX_CHARACTERS = 16_384;

/**
 * Cuts JSON objects out of a text that comes in pieces: a recording may cut a datagram where it likes. Characters between objects are
 * dropped, and an object without end when it gets too long.
 */
export class JsonObjects {
  readonly #decoder = new TextDecoder();
  #text = '';
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  /** The objects that `bytes` complete, in order. */
  push(bytes: Uint8Array): string[] {
    const objects: string[] = [];
    for (const char of this.#decoder.decode(bytes, { stream: true })) {
      if (this.#depth === 0 && char !== '{') continue;
      this.#text += char;
      this.#read(char);
      if (this.#depth === 0) objects.push(this.#text);
      if (this.#depth === 0 || this.#text.length > MAX_CHARACTERS) this.#clear();
    }
    return objects;
  }

  #read(char: string): void {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (char === '\\') this.#isEscaped = true;
      else if (char === '"') this.#isInString = false;
    } else if (char === '"') this.#isInString = true;
    else if (char === '{') this.#depth += 1;
    else if (char === '}') this.#depth -= 1;
  }

  #clear(): void {
    this.#text = '';
    this.#depth = 0;
    this.#isInString = false;
    this.#isEscaped = false;
  }
}
