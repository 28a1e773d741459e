/** Lines of an answer without end: the first and the last of them, since what was asked for is the one or the other. */
export class KeptLines {
  readonly #most: number;
  readonly #first: string[] = [];
  readonly #last: string[] = [];
  #firstCharacters = 0;
  #lastCharacters = 0;

  /** @param mostCharacters of all that is kept */
  constructor(mostCharacters: number) {
    this.#most = mostCharacters / 2;
  }

  add(line: string): void {
    if (this.#last.length === 0 && this.#firstCharacters + line.length <= this.#most) {
      this.#first.push(line);
      this.#firstCharacters += line.length;
      return;
    }
    this.#last.push(line);
    this.#lastCharacters += line.length;
    while (this.#lastCharacters > this.#most && this.#last.length > 1)
      this.#lastCharacters -= this.#last.shift()?.length ?? 0;
  }

  get all(): string[] {
    return [...this.#first, ...this.#last];
  }
}
