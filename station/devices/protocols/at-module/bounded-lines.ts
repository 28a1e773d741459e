/** Keeps the first and the last lines of an answer without end: the expected line is among the former or the latter. */
export class BoundedLines {
  readonly #maxHalf: number;
  readonly #first: string[] = [];
  readonly #last: string[] = [];
  #firstCharacters = 0;
  #lastCharacters = 0;

  /** @param maxCharacters of all lines that are kept */
  constructor(maxCharacters: number) {
    this.#maxHalf = maxCharacters / 2;
  }

  add(line: string): void {
    if (this.#last.length === 0 && this.#firstCharacters + line.length <= this.#maxHalf) {
      this.#first.push(line);
      this.#firstCharacters += line.length;
      return;
    }
    this.#last.push(line);
    this.#lastCharacters += line.length;
    while (this.#lastCharacters > this.#maxHalf && this.#last.length > 1)
      this.#lastCharacters -= this.#last.shift()?.length ?? 0;
  }

  get all(): string[] {
    return [...this.#first, ...this.#last];
  }
}
