import { z } from 'zod';
import { compilePattern } from '../pattern/index.ts';
import { checkPattern } from './check-pattern.ts';
import { both, type CodedText, codedTexts } from '../words/index.ts';

const limitText = codedTexts({
  'limit-min-above-max': both('min is above max', 'min 大于 max'),
  'limit-marginal-none': both('is marginal to no limit', '没有限值可供预警'),
  'limit-marginal-outside': both('lies outside of the limits themselves', '超出了限值本身的范围'),
});

export type MeasuredValue = string | number | boolean;

/** The conditions that a measured value must meet, all of them. */
export const limits = limitsOf(z.number(), z.string().superRefine(checkPattern())).superRefine(
  (written, context) => {
    for (const { path, message } of limitContradictions(written))
      context.addIssue({ code: 'custom', path: [...path], message: message.en, params: { text: message } });
  },
);
export type Limits = z.infer<typeof limits>;

/**
 * The schema of limits in a recipe: a number may be a limit expression, which is evaluated after the unit was asked.
 *
 * @param bound a numeric limit
 * @param pattern a regular expression
 */
export function limitsOf<B extends z.ZodType<number | string>, P extends z.ZodType<string>>(
  bound: B,
  pattern: P,
) {
  const range = { min: bound.optional(), max: bound.optional() };
  return z.strictObject({
    ...range,
    /** As `min` and `max`, exclusive. */
    above: bound.optional(),
    below: bound.optional(),
    /** A value and its tolerance in percent. */
    within: z.strictObject({ of: bound, percent: z.number().positive() }).optional(),
    equals: z.union([z.string(), z.number(), z.boolean()]).optional(),
    pattern: pattern.optional(),
    /** A value inside the limits but outside of this range passes and is reported as marginal. */
    marginal: z.strictObject(range).optional(),
  });
}

/** Limits whose numbers may still be expressions. */
export interface WrittenLimits {
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
  readonly above?: number | string | undefined;
  readonly below?: number | string | undefined;
  readonly within?: { readonly of: number | string; readonly percent: number } | undefined;
  readonly equals?: MeasuredValue | undefined;
  readonly pattern?: string | undefined;
  readonly marginal?:
    | { readonly min?: number | string | undefined; readonly max?: number | string | undefined }
    | undefined;
}

/** The contradictions between limits, as far as their numbers are known. */
export function* limitContradictions(
  l: WrittenLimits,
): Iterable<{ path: readonly string[]; message: CodedText }> {
  const { low, high } = bounds(numbersOf(l));
  if (low !== null && high !== null && low > high)
    yield { path: [], message: limitText('limit-min-above-max') };
  if (l.marginal === undefined) return;
  const [min, max] = [asNumber(l.marginal.min), asNumber(l.marginal.max)];
  if (min !== undefined && max !== undefined && min > max)
    yield { path: ['marginal'], message: limitText('limit-min-above-max') };
  const numeric = [l.min, l.max, l.above, l.below, l.within].some((limit) => limit !== undefined);
  if (!numeric) yield { path: ['marginal'], message: limitText('limit-marginal-none') };
  const outside =
    (low !== null && min !== undefined && min < low) || (high !== null && max !== undefined && max > high);
  if (outside) yield { path: ['marginal'], message: limitText('limit-marginal-outside') };
}

/** The limits that are numbers. */
function numbersOf(l: WrittenLimits): Limits {
  const of = asNumber(l.within?.of);
  return {
    min: asNumber(l.min),
    max: asNumber(l.max),
    above: asNumber(l.above),
    below: asNumber(l.below),
    ...(of === undefined || l.within === undefined ? {} : { within: { of, percent: l.within.percent } }),
  };
}

function asNumber(bound: number | string | undefined): number | undefined {
  return typeof bound === 'number' ? bound : undefined;
}

/** The result of a value; `marginal` is a pass that is reported. */
export type LimitResult = 'pass' | 'marginal' | 'fail';

/**
 * Evaluates a value; a value that is no number fails a numeric limit. Faults: `recipe-invalid` for a text that is too long
 * for the pattern.
 */
export function evaluateLimits(value: MeasuredValue, limits: Limits): LimitResult {
  if (!withinNumbers(value, limits)) return 'fail';
  if (limits.equals !== undefined && value !== limits.equals) return 'fail';
  if (limits.pattern !== undefined && !compilePattern(limits.pattern).test(String(value))) return 'fail';
  const { min, max } = limits.marginal ?? {};
  if (typeof value !== 'number') return 'pass';
  return (min !== undefined && value < min) || (max !== undefined && value > max) ? 'marginal' : 'pass';
}

/** True when `value` is within `limits`, marginal or not. */
export function withinLimits(value: MeasuredValue, limits: Limits): boolean {
  return evaluateLimits(value, limits) !== 'fail';
}

function withinNumbers(value: MeasuredValue, l: Limits): boolean {
  const numeric = [l.min, l.max, l.above, l.below, l.within].some((limit) => limit !== undefined);
  if (!numeric) return true;
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (l.above !== undefined && value <= l.above) return false;
  if (l.below !== undefined && value >= l.below) return false;
  const { low, high } = bounds(l);
  return (low === null || value >= low) && (high === null || value <= high);
}

/** The lower and upper limit for capability figures; `null` for an open side. */
export function bounds(l: Limits): { readonly low: number | null; readonly high: number | null } {
  const about = l.within === undefined ? null : (Math.abs(l.within.of) * l.within.percent) / 100;
  const lows = [l.min, l.above, about === null ? undefined : (l.within?.of ?? 0) - about];
  const highs = [l.max, l.below, about === null ? undefined : (l.within?.of ?? 0) + about];
  return { low: extreme(lows, Math.max), high: extreme(highs, Math.min) };
}

function extreme(
  numbers: readonly (number | undefined)[],
  pick: (...numbers: number[]) => number,
): number | null {
  const given = numbers.filter((number) => number !== undefined);
  return given.length === 0 ? null : pick(...given);
}

/** The limits as text: `3.1 … 3.5 V`, `= "OK"`, `≥ 2`, `3.3 ± 5 %`. */
export function formatLimits(l: WrittenLimits, unit = ''): string {
  const suffix = unit === '' ? '' : ` ${unit}`;
  const parts: string[] = [];
  if (l.min !== undefined && l.max !== undefined) parts.push(`${l.min} … ${l.max}${suffix}`);
  else if (l.min !== undefined) parts.push(`≥ ${l.min}${suffix}`);
  else if (l.max !== undefined) parts.push(`≤ ${l.max}${suffix}`);
  if (l.above !== undefined) parts.push(`> ${l.above}${suffix}`);
  if (l.below !== undefined) parts.push(`< ${l.below}${suffix}`);
  if (l.within !== undefined) parts.push(`${l.within.of}${suffix} ± ${l.within.percent} %`);
  if (l.equals !== undefined) parts.push(`= ${JSON.stringify(l.equals)}${suffix}`);
  if (l.pattern !== undefined) parts.push(`~ /${l.pattern}/`);
  return parts.join(', ');
}
