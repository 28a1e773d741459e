import { z } from 'zod';
import { NAME_TABLES } from '../device-names.ts';
import { limits } from '../limits.ts';
import { name, variableName, words } from './common.ts';

const group = z.union([z.int().min(0), z.string().min(1)]);

/** How the text of a group becomes a value; the names of tables make words out of a number. */
export const VALUE_KINDS = ['number', 'text', 'hex', ...NAME_TABLES] as const;

/** One value out of an answer, and what it must satisfy. */
export const measurement = z.strictObject({
  name,
  title: words.optional(),
  /** Group of the `expect` pattern that holds the value; the whole match by default. */
  group: group.optional(),
  /** `hex`: a number written in hex. `event`, `notice`, `unlock`, `unknown-info`, `xp2p`: a number by its name. */
  as: z.enum(VALUE_KINDS).default('text'),
  unit: z.string().max(16).optional(),
  /** The value is multiplied by this before it is held against its limits: 0.001 makes volts of millivolts. */
  scale: z.number().optional(),
  limits: limits.optional(),
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

/** Variables that an answer sets: name to group of the pattern. */
export const captures = z.record(variableName, group);
