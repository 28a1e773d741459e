import { shape } from './texts/shape-texts.ts';
import { z } from 'zod';
import { NETWORK_NAME } from '../domain/network.ts';
import { INSTRUMENT_NAME } from '../domain/instrument.ts';
import { checkPattern } from '../domain/check-pattern.ts';
import { patternProblem } from '../pattern/index.ts';
import { misspelledPlaceholder } from './check/near-placeholder.ts';
import { fillBytes, fillPattern, SAMPLE_SCOPE } from './unit-text.ts';

/** A regular expression. */
export const regex = z
  .string()
  .max(1024)
  .superRefine(checkPattern({ multiline: true }));

/** A text for the screen, in both languages. */
export const localizedText = z.strictObject({ 'zh-CN': z.string().min(1), en: z.string().min(1) });
export type LocalizedText = z.infer<typeof localizedText>;

export const name = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,47}$/, shape('shape-name'));

/** Name of a variable, as in `${…}`. */
export const variableName = z.string().regex(/^[a-z][A-Za-z0-9_]{0,31}$/, shape('shape-variable'));

export const durationMs = z.number().int().min(1).max(3_600_000);

/** A text with placeholders of the unit and variables. */
export const template = z.string().max(1024);

/** A regular expression with placeholders of the unit and variables. */
export const unitPattern = z
  .string()
  .max(1024)
  .superRefine((source, context) => {
    const reason = patternProblem(fillPattern(source, SAMPLE_SCOPE), { multiline: true });
    if (reason === null) return;
    const text = misspelledPlaceholder(source) ?? reason;
    context.addIssue({ code: 'custom', message: text.en, params: { text } });
  });

export const hexBytes = z
  .string(shape('shape-hex-quoted'))
  .max(4096)
  .refine((text) => fillBytes(text, SAMPLE_SCOPE) !== null, shape('shape-hex'));

/** Name of a file in the folder of the recipe, which becomes part of the recipe. */
export const recipeFile = z
  .string()
  .regex(/^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/, shape('shape-file'));

/** Name of a Wi-Fi network of the station. */
export const networkName = z.string().regex(NETWORK_NAME, shape('shape-network'));

/** Name of an instrument of the station. */
export const instrument = z.string().regex(INSTRUMENT_NAME, shape('shape-instrument'));

/** Condition for executing a step, on a filled-in text. A variable that no step has set satisfies no condition. */
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
    shape('shape-condition'),
  );
export type Condition = z.infer<typeof condition>;

/** Keys of every step. */
export const stepCommon = {
  name: name.optional(),
  title: localizedText.optional(),
  timeoutMs: durationMs.optional(),
  /** Further attempts after FAIL or TIMEOUT; every attempt is recorded. */
  retries: z.number().int().min(0).max(10).optional(),
  retryDelayMs: durationMs.optional(),
  runIf: condition.optional(),
  /** After FAIL or TIMEOUT. `continue`: the phase goes on, and the run does not pass. `stop`, the default: the phase ends. */
  onFail: z.enum(['stop', 'continue']).optional(),
  /** False: executed again when a run is resumed, because later steps need its effect on the unit. */
  resumable: z.boolean().optional(),
};
