import { verbText as text } from '../texts/verb-texts.ts';
import { z } from 'zod';
import { didYouMean } from '../check/nearest.ts';
import {
  recipeFile,
  durationMs,
  name,
  stepCommon,
  unitPattern,
  variableName,
  localizedText,
} from '../common.ts';
import { recipeLimits } from '../measurement.ts';
import type { Mistake } from '../mistake.ts';
import { defineVerb, waitForAnswer } from './verb.ts';

const question = { ask: localizedText, image: recipeFile.optional(), answerMs: durationMs.default(300_000) };

const step = z.discriminatedUnion('kind', [
  /** Good or not good: PASS or FAIL. */
  z.strictObject({ verb: z.literal('prompt'), kind: z.literal('pass-fail'), ...stepCommon, ...question }),
  /** The operator does something and confirms it. */
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
      .array(z.strictObject({ value: name, title: localizedText }))
      .min(2)
      .max(9),
    /** Choices that pass; all of them when left out. */
    pass: z.array(name).min(1).optional(),
    capture: variableName.optional(),
    measure: name.optional(),
  }),
  /** A picture of the camera or a file; it belongs to the run. */
  z.strictObject({
    verb: z.literal('prompt'),
    kind: z.literal('photo'),
    ...stepCommon,
    ...question,
    attach: name.optional(),
  }),
]);

export const prompt = defineVerb({
  verb: 'prompt',
  step,
  ownWait: waitForAnswer,
  limits: (asked) =>
    asked.kind === 'number' ? [{ path: ['limits'], type: 'number', limits: asked.limits }] : [],
  *mistakes(asked): Iterable<Mistake> {
    if (asked.kind !== 'choice') return;
    const values = asked.choices.map(({ value }) => value);
    for (const [index, value] of values.entries())
      if (values.indexOf(value) < index)
        yield { path: ['choices', index, 'value'], message: text('choice-twice', value) };
    for (const [index, value] of (asked.pass ?? []).entries())
      if (!values.includes(value))
        yield {
          path: ['pass', index],
          message: text('choice-unknown', value, values.join(', '), didYouMean(value, values)),
        };
  },
  doc: {
    about: `Asks the operator a question and records the answer. Kinds of answers: \`pass-fail\` (good or not good),
\`confirm\` (a task is done), \`text\` and \`number\` (typed or scanned), \`choice\` (one of up to nine), \`photo\` (a picture
of the camera or a file, kept with the run as it is). A question without an answer in time ends the run ERROR.`,
    example: `- verb: prompt
  kind: choice
  name: colour
  ask: { zh-CN: 灯是什么颜色？, en: Which colour is the light? }
  choices:
    - { value: red, title: { zh-CN: 红, en: Red } }
    - { value: green, title: { zh-CN: 绿, en: Green } }
  pass: [green]
  capture: colour`,
    keys: {
      kind: { about: 'Kind of the answer.' },
      answerMs: { about: 'Longest time for the answer, in milliseconds. Five minutes when left out.' },
      pattern: {
        about: 'Regular expression that the answer matches.',
        examples: [String.raw`^LOT\d{4}$`],
      },
      capture: { about: 'Variable that gets the answer.', examples: ['lot'] },
      measure: {
        about: 'Name of the answer in records and reports. That of the step when left out.',
        examples: ['lot'],
      },
      choices: { about: 'Possible answers, in the order of the keys 1 to 9.' },
      'choices.value': { about: 'The value that is recorded.', examples: ['green'] },
      'choices.title': { about: 'The text that is shown, in both languages.' },
      attach: {
        about:
          'Name of the picture among the attachments of the run, without its ending. That of the step when left out.',
        examples: ['label'],
      },
      pass: { about: 'Choices that pass. All of them when left out.', examples: [['green']] },
    },
  },
});
