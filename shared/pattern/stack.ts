/** A stack of 32-bit numbers in one typed array, because a JavaScript array is slow to shrink. */
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

  /** -1 when the stack is empty. */
  pop(): number {
    return this.#numbers[--this.#length] ?? -1;
  }

  /** Shortens the stack to `length`. */
  cut(length: number): void {
    this.#length = length;
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.#numbers.length);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
