import { z } from 'zod';
import { compilePattern } from '../pattern/index.ts';
import { productId } from '../domain/triple.ts';
import { durationMs, name, regex, words } from './common.ts';
import { device } from './device.ts';
import { step } from './verbs/index.ts';

/**
 * A recipe (工艺): what is done to a unit, as an engineer writes it in YAML, its loops unrolled (`unroll`). This folder
 * is the only description of its shape; the parser, the checker and the published schema derive from it.
 */
export const phase = z.strictObject({
  name,
  title: words.optional(),
  /** Teardown always runs, whatever happened before it. */
  kind: z.enum(['setup', 'main', 'teardown']).default('main'),
  timeoutMs: durationMs.optional(),
  /** `continue`: later phases run although this one failed; the run ends FAIL all the same. */
  onFail: z.enum(['stop', 'continue']).default('stop'),
  steps: z.array(step).min(1).max(500),
});
export type Phase = z.infer<typeof phase>;

export const recipe = z.strictObject({
  gongwei: z.literal('recipe/1'),
  name,
  version: z
    .string()
    .regex(/^[0-9A-Za-z.+-]{1,32}$/, 'is at most 32 letters, digits, dots, plus and minus signs, as 1.2.0'),
  title: words,
  /** Whose triples its units get: the pool. */
  product: productId,
  serialNumber: z.strictObject({
    pattern: regex.max(200),
    example: z.string().min(1).max(64),
    /** Units may also be started without one: all together, or by themselves when they arrive. */
    optional: z.boolean().default(false),
  }),
  device,
  /** Firmware that its units must have been given: SHA-256 of an imported package. */
  firmware: z
    .strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hex') })
    .optional(),
  /** After a crash of the station a run goes on with the first step that had not passed; else it ends ERROR. */
  resume: z.boolean().default(false),
  phases: z.array(phase).min(1).max(100),
});
export type Recipe = z.infer<typeof recipe>;

/** A serial number against the recipe's pattern, anchored at both ends whether the engineer wrote that or not. */
export function serialMatches(recipe: Recipe, serialNumber: string): boolean {
  return wholeMatch(recipe.serialNumber.pattern, serialNumber);
}

function wholeMatch(pattern: string, text: string): boolean {
  return compilePattern(whole(pattern)).test(text);
}

function whole(pattern: string): string {
  return `^(?:${pattern})$`;
}

/** Whether each new unit takes a triple of the pool. */
export function burnsTriples({ phases }: Pick<Recipe, 'phases'>): boolean {
  return phases.some(({ steps }) => steps.some(({ verb }) => verb === 'burn-triple'));
}
