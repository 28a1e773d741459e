import { z } from 'zod';
import { readJsonText } from '../../codec/json-text.ts';
import type { TextProblem } from '../../codec/text-file.ts';

/**
 * The JSON of a thing model as the console of IoT Explorer exports it: properties, events and actions, each property
 * with a `define`. Numbers are written as texts there; both are read. Source: iotexplorer `ModifyModelDefinition`.
 */
const numeric = z.union([z.string(), z.number()]).transform(Number).optional();
const scalar = {
  min: numeric,
  max: numeric,
  step: numeric,
  mapping: z.record(z.string(), z.string()).optional(),
};

interface Define {
  type: string;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | undefined;
  mapping?: Record<string, string> | undefined;
  specs?: { id: string; dataType: Define }[] | undefined;
  arrayInfo?: Define | undefined;
}

const define: z.ZodType<Define> = z.lazy(() =>
  z.object({
    type: z.string(),
    ...scalar,
    specs: z.array(z.object({ id: z.string(), dataType: define })).optional(),
    arrayInfo: define.optional(),
  }),
);
export type { Define };

const property = z.object({
  id: z.string().min(1),
  name: z.string().default(''),
  required: z.boolean().default(false),
  define,
});

/** Of an event or an action. */
const parameter = z.object({ id: z.string(), define: define.optional() });

const thingModel = z.object({
  version: z.string().default('1.0'),
  properties: z.array(property).default([]),
  events: z
    .array(z.object({ id: z.string(), name: z.string().default(''), params: z.array(parameter).default([]) }))
    .default([]),
  actions: z
    .array(
      z.object({
        id: z.string(),
        name: z.string().default(''),
        input: z.array(parameter).default([]),
        output: z.array(parameter).default([]),
      }),
    )
    .default([]),
});
export type ThingModel = z.infer<typeof thingModel>;

/** Why a text is no thing model: its first error. */
export type ThingModelProblem = TextProblem | { readonly path: string; readonly message: string };

/** Parses a thing model. */
export function parseThingModel(
  text: string,
):
  | { readonly ok: true; readonly model: ThingModel }
  | { readonly ok: false; readonly reason: ThingModelProblem } {
  const json = readJsonText(text.replace(/^\uFEFF/, ''));
  if (!json.ok) return { ok: false, reason: json.problem };
  const read = thingModel.safeParse(json.value);
  if (read.success) return { ok: true, model: read.data };
  const [issue] = read.error.issues;
  return {
    ok: false,
    reason: { path: issue?.path.map(String).join('.') ?? '', message: issue?.message ?? 'is not valid' },
  };
}
