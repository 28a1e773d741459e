import { z } from 'zod';
import { besideFile, stepCommon, variableName } from '../common.ts';

/** What verbs cannot say: a TypeScript file beside the recipe, run apart from the station. */
export const script = z.strictObject({
  verb: z.literal('script'),
  ...stepCommon,
  file: besideFile.refine((file) => /\.m?ts$/.test(file), 'is a TypeScript file (.ts)'),
  /** Given to the script as it stands here; texts are filled in before. */
  with: z.record(variableName, z.union([z.string().max(1024), z.number(), z.boolean()])).default({}),
  /** Variables that the script sets, so that later steps may name them. */
  sets: z.array(variableName).default([]),
  /** Relays of the fixture's board that the script may switch; the unit's own, which powers it, needs no naming. */
  relays: z.array(z.int().min(0).max(63)).default([]),
});
