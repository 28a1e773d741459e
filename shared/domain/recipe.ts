import { z } from 'zod';
import { bleAdvertises, bleDevice, bleRead, bleRequest, bleServices } from './ble-steps.ts';
import { isRegex, limits } from './limits.ts';
import { productId } from './triple.ts';

/**
 * A recipe (工艺): what is done to a unit, as an engineer writes it in YAML. This file is the only description of
 * its shape; the parser, the checker and the published schema derive from it.
 */
const regex = z.string().refine(isRegex, 'is not a regular expression');
/** Words for the screen; both languages or the recipe is not complete. */
export const words = z.strictObject({ 'zh-CN': z.string().min(1), en: z.string().min(1) });
export type Words = z.infer<typeof words>;

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,47}$/, 'is a lower-case name of letters, digits, dots and dashes');
const durationMs = z.number().int().min(1).max(3_600_000);

const common = {
  name: name.optional(),
  title: words.optional(),
  timeoutMs: durationMs.optional(),
  /** How often the step is tried again after a FAIL; every attempt is kept. */
  retries: z.number().int().min(0).max(10).optional(),
};

const measurement = z.strictObject({
  name,
  title: words.optional(),
  /** Group of the `expect` pattern that holds the value; the whole match by default. */
  group: z.union([z.int().min(0), z.string()]).optional(),
  /** `hex`: a number written in hex. */
  as: z.enum(['number', 'text', 'hex']).default('text'),
  unit: z.string().max(16).optional(),
  limits: limits.optional(),
});
export type MeasurementSpec = z.infer<typeof measurement>;

export const step = z.discriminatedUnion('verb', [
  /** Asks the unit who it is: chip id, module model, firmware version. */
  z.strictObject({
    verb: z.literal('identify'),
    ...common,
    model: regex.optional(),
    firmware: regex.optional(),
  }),
  /** Claim, durable intent, write, read back: the unit's identity. */
  z.strictObject({ verb: z.literal('burn-triple'), ...common }),
  /** One AT command and what must come back. */
  z.strictObject({
    verb: z.literal('at-command'),
    ...common,
    send: z.string().min(2).max(256),
    expect: regex.optional(),
    measure: z.array(measurement).default([]),
  }),
  z.strictObject({ verb: z.literal('wait'), ...common, ms: durationMs }),
  /** The unit logs in to the cloud with what was burned; `registry` asks the registry too whether it saw it. */
  z.strictObject({
    verb: z.literal('prove-online'),
    ...common,
    confirm: z.enum(['registry', 'registry-if-reachable', 'device']).default('registry-if-reachable'),
  }),
  /** The unit leaves the cloud; nothing happens when it is not logged in. */
  z.strictObject({ verb: z.literal('log-out'), ...common }),
  /** The unit is heard over Bluetooth, as it should be: in time, by name, with its services, strong enough. */
  z.strictObject({ verb: z.literal('ble-advertises'), ...common, ...bleAdvertises }),
  /** It has these services and characteristics. As every Bluetooth step, it connects where no link stands. */
  z.strictObject({ verb: z.literal('ble-services'), ...common, ...bleServices }),
  /** Writes bytes to one characteristic and awaits a notification from another. */
  z.strictObject({
    verb: z.literal('ble-request'),
    ...common,
    ...bleRequest,
    measure: z.array(measurement).default([]),
  }),
  /** Reads a characteristic and holds its value against limits. */
  z.strictObject({ verb: z.literal('ble-read'), ...common, ...bleRead }),
  /** Makes the unit's label; written when the run passes. */
  z.strictObject({ verb: z.literal('label'), ...common, code: z.enum(['qr', 'datamatrix']).default('qr') }),
]);
export type Step = z.infer<typeof step>;
export type StepVerb = Step['verb'];
export type StepOf<V extends StepVerb> = Extract<Step, { verb: V }>;

export const phase = z.strictObject({
  name,
  title: words.optional(),
  /** Teardown always runs, whatever happened before it. */
  kind: z.enum(['setup', 'main', 'teardown']).default('main'),
  timeoutMs: durationMs.optional(),
  steps: z.array(step).min(1),
});
export type Phase = z.infer<typeof phase>;

export const recipe = z
  .strictObject({
    gongwei: z.literal('recipe/1'),
    name,
    version: z.string().regex(/^[0-9A-Za-z.+-]{1,32}$/),
    title: words,
    product: productId,
    serialNumber: z.strictObject({ pattern: regex, example: z.string().min(1) }),
    device: z.strictObject({
      profile: z.enum(['at-module']),
      serial: z
        .strictObject({
          baudRate: z.int().min(300).max(4_000_000).default(460_800),
          commandTimeoutMs: durationMs.default(10_000),
        })
        .prefault({}),
      ble: bleDevice.optional(),
      region: z.string().max(24).optional(),
    }),
    phases: z.array(phase).min(1),
  })
  .superRefine((r, context) => {
    // A pattern that is none was named by its own check already.
    const { pattern, example } = r.serialNumber;
    if (isRegex(pattern) && !wholeMatch(pattern, example)) {
      context.addIssue({
        code: 'custom',
        path: ['serialNumber', 'example'],
        message: 'does not match its own pattern',
      });
    }
    const seen = new Set<string>();
    for (const [index, p] of r.phases.entries()) {
      if (seen.has(p.name))
        context.addIssue({ code: 'custom', path: ['phases', index, 'name'], message: 'is used twice' });
      seen.add(p.name);
    }
  });
export type Recipe = z.infer<typeof recipe>;

/** A serial number against the recipe's pattern, anchored at both ends whether the engineer wrote that or not. */
export function serialMatches(recipe: Recipe, serialNumber: string): boolean {
  return wholeMatch(recipe.serialNumber.pattern, serialNumber);
}

function wholeMatch(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 'u').test(text);
}

/** How a step is called in records: its own name, else its verb. */
export function stepName(step: Step): string {
  return step.name ?? step.verb;
}
