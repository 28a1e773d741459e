/** Numbers of 32 bits, last in, first out, in one piece of memory: an array of JavaScript is slow to shrink. */
export class Stack {
  #numbers = new Int32Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) this.#grow();
    this.#numbers[this.#length++] = number;
  }

  /** -1 when there is none. */
  pop(): number {
    return this.#numbers[--this.#length] ?? -1;
  }

  /** Forgets what was pushed after there were so many. */
  cut(length: number): void {
    this.#length = length;
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.#numbers.length);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
