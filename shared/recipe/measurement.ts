import { shape } from './texts/shape-texts.ts';
import { z } from 'zod';
import { PCM_LEVELS } from '../codec/pcm16.ts';
import { NAME_TABLES } from '../domain/iot-video-names.ts';
import { isLimitExpression } from '../domain/limit-expression.ts';
import { limitsOf } from '../domain/limits.ts';
import { name, unitPattern, variableName, localizedText } from './common.ts';

/** A numeric limit in a recipe: a number, or a text that becomes one when its variable is set. */
const bound = z.union([z.number(), z.string().refine(isLimitExpression, shape('shape-limit'))]);
/** Limits in a recipe. */
export const recipeLimits = limitsOf(bound, unitPattern);
export type RecipeLimits = z.infer<typeof recipeLimits>;

const group = z.union([z.int().min(0), z.string().min(1)]);

/** Types that the text of a group is converted to; a table converts a number to a name. */
export const VALUE_KINDS = ['number', 'text', 'hex', 'signed-hex', ...PCM_LEVELS, ...NAME_TABLES] as const;

/** Specification of a measurement: a value of an answer, and its limits. */
export const measurement = z.strictObject({
  name,
  title: localizedText.optional(),
  /** Group of the `expect` pattern that holds the value; the whole match by default. */
  group: group.optional(),
  /** `hex`: a number written in hex; `signed-hex`: in two's complement of as many digits. `pcm16-rms`, `pcm16-peak`: the level of sound. `event`, `notice`, `unlock`, `unknown-info`, `xp2p`: a number by its name. */
  as: z.enum(VALUE_KINDS).default('text'),
  unit: z.string().max(16).optional(),
  /** Factor of the value, applied before the limits: 0.001 converts millivolts to volts. */
  scale: z.number().optional(),
  limits: recipeLimits.optional(),
  /** A curve: every match of the pattern is a point, and every point is compared with the limits. */
  at: z
    .array(
      z.strictObject({
        name,
        group,
        unit: z.string().max(16).optional(),
        as: z.enum(['number', 'text']).default('number'),
      }),
    )
    .min(1)
    .optional(),
});
export type MeasurementSpec = z.infer<typeof measurement>;

/** Variables that an answer sets: name to group of the pattern, whose text may be converted to a number. */
export const captures = z.record(
  variableName,
  z.union([
    group,
    z.strictObject({ group, as: z.enum(VALUE_KINDS).default('text'), scale: z.number().optional() }),
  ]),
);
export type Capture = z.infer<typeof captures>[string];
