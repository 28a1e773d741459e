import type { Lines, Output } from '../output.ts';

/** An output whose lines are kept while something else has the terminal. */
export class HeldOutput {
  readonly output: Output;
  #kept: (() => void)[] | null = null;

  constructor(out: Output) {
    const after = (print: (lines: Lines) => void) => (lines: Lines) => {
      if (this.#kept === null) print(lines);
      else this.#kept.push(() => print(lines));
    };
    this.output = {
      json: out.json,
      event: (name, fields) => out.event(name, fields),
      print: after((lines) => out.print(lines)),
      notice: after((lines) => out.notice(lines)),
    };
  }

  /** Keeps all lines from now on. */
  hold(): void {
    this.#kept ??= [];
  }

  /** Prints what was kept, and everything from now on. */
  release(): void {
    const kept = this.#kept ?? [];
    this.#kept = null;
    for (const print of kept) print();
  }
}
