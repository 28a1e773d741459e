import type { Parameter } from './parse-command.ts';

/**
 * Reads the parameters of a set command in order. Each method returns `null` for a parameter that is missing, of the
 * wrong kind or outside its limits.
 */
export class ParameterReader {
  readonly #parameters: readonly Parameter[];
  #at = 0;

  constructor(parameters: readonly Parameter[] | null) {
    this.#parameters = parameters ?? [];
  }

  /** A string of 1 to `maxBytes` bytes. */
  text(maxBytes: number): string | null {
    const parameter = this.#parameters[this.#at++];
    if (parameter?.kind !== 'text') return null;
    return parameter.text.length >= 1 && parameter.text.length <= maxBytes ? parameter.text : null;
  }

  /** A string of at most `maxBytes` bytes. */
  textOrEmpty(maxBytes: number): string | null {
    const parameter = this.#parameters[this.#at++];
    return parameter?.kind === 'text' && parameter.text.length <= maxBytes ? parameter.text : null;
  }

  /** A string, or `fallback` when it is omitted at the end. */
  optionalText(maxBytes: number, fallback: string): string | null {
    return this.#at >= this.#parameters.length ? fallback : this.text(maxBytes);
  }

  /** A whole number from `low` to `high`, both included. */
  number(low: number, high: number): number | null {
    const parameter = this.#parameters[this.#at++];
    if (parameter?.kind !== 'number') return null;
    return parameter.value >= low && parameter.value <= high ? parameter.value : null;
  }

  /** A whole number, or `fallback` when it is omitted at the end. */
  optionalNumber<T>(low: number, high: number, fallback: T): number | T | null {
    return this.#at >= this.#parameters.length ? fallback : this.number(low, high);
  }

  /** A string of `count` decimal digits, with or without quotes. */
  digits(count: number): string | null {
    const parameter = this.#parameters[this.#at++];
    const word =
      parameter?.kind === 'number' ? parameter.word : parameter?.kind === 'text' ? parameter.text : '';
    return word.length === count && /^\d+$/.test(word) ? word : null;
  }

  /** Whether all parameters have been read. */
  get finished(): boolean {
    return this.#at === this.#parameters.length;
  }
}
