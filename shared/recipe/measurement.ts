import { z } from 'zod';
import { NAME_TABLES } from '../domain/device-names.ts';
import { isLimitText } from '../domain/limit-text.ts';
import { limitsOf } from '../domain/limits.ts';
import { name, unitPattern, variableName, words } from './common.ts';

/** A numeric limit as a recipe writes it: a number, or a text that becomes one when its variable is known. */
const bound = z.union([
  z.number(),
  z.string().refine(isLimitText, 'is a number, "${variable}", or "${variable} + 5" (also with - and *)'),
]);
/** Limits as a recipe writes them. */
export const recipeLimits = limitsOf(bound, unitPattern);
export type RecipeLimits = z.infer<typeof recipeLimits>;

const group = z.union([z.int().min(0), z.string().min(1)]);

/** How the text of a group becomes a value; the names of tables make words out of a number. */
export const VALUE_KINDS = ['number', 'text', 'hex', 'signed-hex', ...NAME_TABLES] as const;

/** One value out of an answer, and what it must satisfy. */
export const measurement = z.strictObject({
  name,
  title: words.optional(),
  /** Group of the `expect` pattern that holds the value; the whole match by default. */
  group: group.optional(),
  /** `hex`: a number written in hex; `signed-hex`: in two's complement of as many digits. `event`, `notice`, `unlock`, `unknown-info`, `xp2p`: a number by its name. */
  as: z.enum(VALUE_KINDS).default('text'),
  unit: z.string().max(16).optional(),
  /** The value is multiplied by this before it is held against its limits: 0.001 makes volts of millivolts. */
  scale: z.number().optional(),
  limits: recipeLimits.optional(),
  /** A curve: every match of the pattern is a point of it, and every point is held against the limits. */
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

/** Variables that an answer sets: name to group of the pattern, which is kept as its text or made a number first. */
export const captures = z.record(
  variableName,
  z.union([
    group,
    z.strictObject({ group, as: z.enum(VALUE_KINDS).default('text'), scale: z.number().optional() }),
  ]),
);
export type Capture = z.infer<typeof captures>[string];
