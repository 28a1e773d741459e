import { z } from 'zod';
import {
  besideFile,
  durationMs,
  name,
  stepCommon,
  template,
  unitPattern,
  variableName,
  words,
} from '../common.ts';
import { recipeLimits } from '../measurement.ts';

/** What is asked of the person at the station. */
const question = { ask: words, image: besideFile.optional(), answerMs: durationMs.default(300_000) };

export const prompt = z.discriminatedUnion('kind', [
  /** Good or not: green is PASS, red is FAIL. */
  z.strictObject({ verb: z.literal('prompt'), kind: z.literal('pass-fail'), ...stepCommon, ...question }),
  /** Something is to be done, and confirmed. */
  z.strictObject({ verb: z.literal('prompt'), kind: z.literal('confirm'), ...stepCommon, ...question }),
  z.strictObject({
    verb: z.literal('prompt'),
    kind: z.literal('text'),
    ...stepCommon,
    ...question,
    pattern: unitPattern.optional(),
    capture: variableName.optional(),
    measure: name.optional(),
  }),
  z.strictObject({
    verb: z.literal('prompt'),
    kind: z.literal('number'),
    ...stepCommon,
    ...question,
    unit: z.string().max(16).optional(),
    limits: recipeLimits.optional(),
    capture: variableName.optional(),
    measure: name.optional(),
  }),
  z.strictObject({
    verb: z.literal('prompt'),
    kind: z.literal('choice'),
    ...stepCommon,
    ...question,
    choices: z
      .array(z.strictObject({ value: name, title: words }))
      .min(2)
      .max(9),
    /** Choices that are right; all of them when left out. */
    pass: z.array(name).min(1).optional(),
    capture: variableName.optional(),
    measure: name.optional(),
  }),
]);

/** The label that is on the unit is scanned and must be this unit's. */
export const scanLabel = z.strictObject({
  verb: z.literal('scan-label'),
  ...stepCommon,
  ask: words.optional(),
  image: besideFile.optional(),
  answerMs: durationMs.default(300_000),
  /** `device-code`: the code of the unit's label, names and MAC and all; else a text with the unit's words in it. */
  equals: z.union([z.literal('device-code'), template.min(1)]).default('device-code'),
});
