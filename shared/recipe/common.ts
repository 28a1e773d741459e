import { z } from 'zod';
import { checkPattern } from '../domain/check-pattern.ts';
import { fillBytes, fillPattern, SAMPLE_SCOPE } from './unit-text.ts';

/** What every part of a recipe is written with. */
export const regex = z
  .string()
  .max(1024)
  .superRefine(checkPattern({ multiline: true }));

/** Words for the screen; both languages or the recipe is not complete. */
export const words = z.strictObject({ 'zh-CN': z.string().min(1), en: z.string().min(1) });
export type LocalizedText = z.infer<typeof words>;

export const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,47}$/, 'is a lower-case name of letters, digits, dots and dashes');

/** A variable: what a step captured, by the name that `${…}` calls it. */
export const variableName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9_]{0,31}$/, 'is a name of letters and digits that begins with a small letter');

export const durationMs = z.number().int().min(1).max(3_600_000);

/** Text with the unit's words and variables in it. */
export const template = z.string().max(1024);

/** A regular expression with the unit's words and variables in it. */
export const unitPattern = z
  .string()
  .max(1024)
  .superRefine(checkPattern({ multiline: true }, (source) => fillPattern(source, SAMPLE_SCOPE)));

export const hexBytes = z
  .string('is hex in quotes, as "01 64 FF"')
  .max(4096)
  .refine((text) => fillBytes(text, SAMPLE_SCOPE) !== null, 'is not made of bytes in hex');

/** A file beside the recipe, part of it from then on: its folder is the recipe's, and no other. */
export const recipeFile = z
  .string()
  .regex(/^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/, 'is a file in the folder of the recipe');

/** When a step is done at all: what a filled-in text must satisfy. A variable that nothing has set satisfies nothing. */
const condition = z
  .strictObject({
    value: template.min(1),
    equals: template.optional(),
    not: template.optional(),
    pattern: unitPattern.optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .refine(
    ({ equals, not, pattern, min, max }) =>
      [equals, not, pattern, min, max].some((given) => given !== undefined),
    'says nothing of the value: give equals, not, pattern, min or max',
  );
export type Condition = z.infer<typeof condition>;

/** What every step takes. */
export const stepCommon = {
  name: name.optional(),
  title: words.optional(),
  timeoutMs: durationMs.optional(),
  /** How often the step is tried again after a FAIL; every attempt is kept. */
  retries: z.number().int().min(0).max(10).optional(),
  retryDelayMs: durationMs.optional(),
  runIf: condition.optional(),
  /** `continue`: the run goes on and ends FAIL all the same; `stop`, the default, goes to teardown. */
  onFail: z.enum(['stop', 'continue']).optional(),
  /** False: never skipped when a run is taken up again, because later steps stand on what it did to the unit. */
  resumable: z.boolean().optional(),
};
