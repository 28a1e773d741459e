import { z } from 'zod';

/** What a measured value must satisfy. All that are given must hold. */
export const limits = z
  .strictObject({
    min: z.number().optional(),
    max: z.number().optional(),
    equals: z.union([z.string(), z.number(), z.boolean()]).optional(),
    pattern: z.string().refine(isRegex, 'is not a regular expression').optional(),
  })
  .refine((l) => l.min === undefined || l.max === undefined || l.min <= l.max, 'min is above max');
export type Limits = z.infer<typeof limits>;

export type MeasuredValue = string | number | boolean;

/** True when `value` is within `limits`; a number limit on something that is no number is not met. */
export function withinLimits(value: MeasuredValue, limits: Limits): boolean {
  if (limits.min !== undefined && !(typeof value === 'number' && value >= limits.min)) return false;
  if (limits.max !== undefined && !(typeof value === 'number' && value <= limits.max)) return false;
  if (limits.equals !== undefined && value !== limits.equals) return false;
  return limits.pattern === undefined || new RegExp(limits.pattern, 'u').test(String(value));
}

/** The limits as an engineer writes them: `3.1 … 3.5 V`, `= "OK"`, `≥ 2`. */
export function formatLimits(l: Limits, unit = ''): string {
  const suffix = unit === '' ? '' : ` ${unit}`;
  const parts: string[] = [];
  if (l.min !== undefined && l.max !== undefined) parts.push(`${l.min} … ${l.max}${suffix}`);
  else if (l.min !== undefined) parts.push(`≥ ${l.min}${suffix}`);
  else if (l.max !== undefined) parts.push(`≤ ${l.max}${suffix}`);
  if (l.equals !== undefined) parts.push(`= ${JSON.stringify(l.equals)}${suffix}`);
  if (l.pattern !== undefined) parts.push(`~ /${l.pattern}/`);
  return parts.join(', ');
}

export function isRegex(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
