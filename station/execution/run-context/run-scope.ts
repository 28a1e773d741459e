import { Fault } from '#shared/domain/fault.ts';
import {
  type Condition,
  fillBytes,
  fillPattern,
  fillText,
  type RecipeLimits,
  type TemplateScope,
  type UnitPlaceholders,
  UnsetVariable,
  type LocalizedText,
} from '#shared/recipe/index.ts';
import { evaluateLimitExpression } from '#shared/domain/limit-expression.ts';
import type { Limits } from '#shared/domain/limits.ts';
import { compilePattern } from '#shared/pattern/index.ts';

/** Limits without variables; `relative` when one of them was computed from a value of the unit. */
export type FilledLimits = Limits & { readonly relative?: boolean };

/** The values that fill in the texts of a recipe: placeholders of the unit, and variables that earlier steps captured. */
export class RunScope {
  readonly #variables: Map<string, string>;
  readonly #scope: TemplateScope;
  #captured: Record<string, string> = {};

  /** @param variables captured before, when a run is resumed. */
  constructor(placeholders: UnitPlaceholders, variables: Iterable<readonly [string, string]> = []) {
    this.#variables = new Map(variables);
    this.#scope = { placeholders, variable: (name) => this.#variables.get(name) ?? null };
  }

  set(name: string, value: string): void {
    this.#variables.set(name, value);
    this.#captured[name] = value;
  }

  /** Variables that were set since the last call, for the record of a step; `undefined` when there are none. */
  takeCaptured(): Readonly<Record<string, string>> | undefined {
    const captured = this.#captured;
    this.#captured = {};
    return Object.keys(captured).length === 0 ? undefined : captured;
  }

  /** Faults, also of the next three: `recipe-invalid` for a variable that no step has set. */
  text(template: string): string {
    return this.#filled(() => fillText(template, this.#scope));
  }
  localizedText(template: LocalizedText): LocalizedText {
    return { 'zh-CN': this.text(template['zh-CN']), en: this.text(template.en) };
  }
  pattern(source: string): string {
    return this.#filled(() => fillPattern(source, this.#scope));
  }
  bytes(hex: string): Uint8Array {
    const bytes = this.#filled(() => fillBytes(hex, this.#scope));
    if (bytes !== null) return bytes;
    throw new Fault('recipe-invalid', `"${this.text(hex)}" is not made of bytes in hex`);
  }

  /**
   * The limits of a value with their variables filled in. Faults: `device-garbled` for a variable that is no number where
   * one is needed, `recipe-invalid` for one that no step has set.
   *
   * @param of name of the measurement, for messages
   * @param numeric the value is a number, so that `equals` becomes one too
   */
  limits(written: RecipeLimits, of: string, numeric: boolean): FilledLimits {
    const number = (key: string, bound: number | string | undefined): number | undefined => {
      if (typeof bound !== 'string') return bound;
      const filled = this.text(bound);
      const made = evaluateLimitExpression(filled);
      if (made.ok) return made.value;
      throw new Fault(
        'device-garbled',
        `limit ${key} of ${of} is ${bound}, and "${filled}" ${made.reason.en}`,
        {
          hint: 'Look at what the unit answered to the step that captured it.',
          details: { measurement: of, value: filled, limits: `${key} ${bound}` },
        },
      );
    };
    const { min, max, above, below, within, equals, pattern, marginal } = written;
    return {
      min: number('min', min),
      max: number('max', max),
      above: number('above', above),
      below: number('below', below),
      within: within && { of: number('within.of', within.of) ?? 0, percent: within.percent },
      equals: equals === undefined ? undefined : this.#equals(equals, numeric),
      pattern: pattern === undefined ? undefined : this.pattern(pattern),
      marginal: marginal && {
        min: number('marginal.min', marginal.min),
        max: number('marginal.max', marginal.max),
      },
      relative: [min, max, above, below, within?.of].some((bound) => typeof bound === 'string'),
    };
  }

  #equals(written: string | number | boolean, numeric: boolean): string | number | boolean {
    if (typeof written !== 'string') return written;
    const filled = this.text(written);
    const number = numeric && filled !== written ? evaluateLimitExpression(filled) : null;
    return number?.ok === true ? number.value : filled;
  }

  /** True when a condition holds. A variable that no step has set satisfies no condition. */
  holds({ value, equals, not, pattern, min, max }: Condition): boolean {
    let text: string;
    try {
      text = fillText(value, this.#scope);
    } catch (error) {
      if (error instanceof UnsetVariable) return false;
      throw error;
    }
    if (equals !== undefined && text !== this.text(equals)) return false;
    if (not !== undefined && text === this.text(not)) return false;
    if (pattern !== undefined && !compilePattern(this.pattern(pattern)).test(text)) return false;
    if (min === undefined && max === undefined) return true;
    const number = text.trim() === '' ? Number.NaN : Number(text);
    return Number.isFinite(number) && number >= (min ?? -Infinity) && number <= (max ?? Infinity);
  }

  #filled<T>(fill: () => T): T {
    try {
      return fill();
    } catch (error) {
      if (!(error instanceof UnsetVariable)) throw error;
      throw new Fault('recipe-invalid', `no step has set \${${error.variable}} yet`, {
        hint: 'The step that captures it was skipped, or did not pass.',
        cause: error,
      });
    }
  }
}
