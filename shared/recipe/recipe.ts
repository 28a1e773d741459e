import { shape } from './texts/shape-texts.ts';
import { z } from 'zod';
import { compilePattern } from '../pattern/index.ts';
import { FLASHER_ARGS_NAME } from '../domain/flasher-args.ts';
import { toolArgumentParts } from '../domain/tool-arguments.ts';
import { NETWORK_NAME } from '../domain/network.ts';
import { productId } from '../domain/triple.ts';
import { durationMs, instrument, name, regex, localizedText } from './common.ts';
import { device } from './device.ts';
import { instrumentsOf } from './instruments.ts';
import { step, type StepOf } from './verbs/index.ts';
import { BATCH_FIRMWARE } from './verbs/ota.ts';

export const phase = z.strictObject({
  name,
  title: localizedText.optional(),
  /** Teardown always runs. */
  kind: z.enum(['setup', 'main', 'teardown']).default('main'),
  timeoutMs: durationMs.optional(),
  /** Instruments of the station that are lent to the run for the whole phase, together. */
  hold: z.array(instrument).min(1).max(8).optional(),
  /** `continue`: later phases run although this one failed; the run does not pass. */
  onFail: z.enum(['stop', 'continue']).default('stop'),
  steps: z.array(step).min(1).max(500),
});
export type Phase = z.infer<typeof phase>;

/**
 * A recipe (工艺): what is done with a unit, written in YAML, with its loops unrolled (`unroll`). This folder is the only
 * description of its shape; the parser, the check and the published schema are made from it.
 */
export const recipe = z.strictObject({
  gongwei: z.literal('recipe/1'),
  name,
  version: z.string().regex(/^[0-9A-Za-z.+-]{1,32}$/, shape('shape-version')),
  title: localizedText,
  /** ProductId of the triples that its units get. */
  product: productId,
  serialNumber: z.strictObject({
    pattern: regex.max(200),
    example: z.string().min(1).max(64),
    /** True: units may be started without a serial number, together or when they arrive. */
    optional: z.boolean().default(false),
  }),
  device,
  /** Firmware that its units must have: SHA-256 of an imported package. */
  firmware: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/, shape('shape-sha256')) }).optional(),
  /** True: after a crash of the station a run is resumed at the first step that had not passed. False: it ends ERROR. */
  resume: z.boolean().default(false),
  phases: z.array(phase).min(1).max(100),
});
export type Recipe = z.infer<typeof recipe>;

/** True for a serial number that the whole pattern of the recipe matches. */
export function serialMatches(recipe: Recipe, serialNumber: string): boolean {
  return compilePattern(`^(?:${recipe.serialNumber.pattern})$`).test(serialNumber);
}

/** True for a recipe whose units take triples from the pool. */
export function burnsTriples({ phases }: Pick<Recipe, 'phases'>): boolean {
  return phases.some(({ steps }) => steps.some(({ verb }) => verb === 'burn-triple'));
}

/** True for a recipe that writes the firmware of its batch into its units, so that each batch must name one. */
export function flashesFirmware({ phases, firmware }: Pick<Recipe, 'phases' | 'firmware'>): boolean {
  if (firmware !== undefined) return false;
  return phases.some(({ steps }) => steps.some(usesFirmware));
}

function usesFirmware(one: Phase['steps'][number]): boolean {
  if (one.verb === 'run-tool') return one.command.some((argument) => /\{firmware[:}]/.test(argument));
  if (one.verb === 'ota') return one.to === BATCH_FIRMWARE;
  if (one.verb !== 'flash') return false;
  return one.images.some(({ from }) => from !== 'recipe') || one.updater?.from === 'firmware';
}

/** Paths of the files of the firmware package that the steps of a recipe name, besides the firmware itself, sorted. */
export function neededFirmwareFiles({
  phases,
}: {
  readonly phases: readonly Pick<Phase, 'steps'>[];
}): string[] {
  const paths = phases.flatMap(({ steps }) => steps.flatMap(firmwareFilesOf));
  return [...new Set(paths)].sort();
}

function firmwareFilesOf(one: Phase['steps'][number]): string[] {
  if (one.verb === 'run-tool')
    return one.command
      .flatMap((argument) => toolArgumentParts(argument))
      .flatMap((part) =>
        typeof part !== 'string' && part.kind === 'firmware' && part.name !== null ? [part.name] : [],
      );
  if (one.verb !== 'flash') return [];
  const sources = [...one.images, ...(one.updater === undefined ? [] : [one.updater])];
  return sources.flatMap(({ from, file }) => {
    if (from === 'flasher-args') return [FLASHER_ARGS_NAME];
    return from === 'firmware' && file !== undefined ? [file] : [];
  });
}

/** Names of the programs of other vendors that the station must list for a recipe, sorted. */
export function neededPrograms({ phases }: Pick<Recipe, 'phases'>): string[] {
  const names = phases.flatMap(({ steps }) =>
    steps.flatMap((one) => (one.verb === 'run-tool' ? one.command.slice(0, 1) : [])),
  );
  return [...new Set(names)].sort();
}

/** Names of the Wi-Fi networks that the station must have for a recipe, sorted; without those that a variable names. */
export function neededNetworks({ phases }: Pick<Recipe, 'phases'>): string[] {
  const names = phases.flatMap(({ steps }) =>
    steps.flatMap((one) => [
      ...('network' in one ? [one.network] : []),
      ...(one.verb === 'provision-softap' && one.accessPoint !== undefined ? [one.accessPoint] : []),
    ]),
  );
  return [...new Set(names.filter((name) => NETWORK_NAME.test(name)))].sort();
}

type PrintingStep = StepOf<'label'> & { readonly print: Exclude<StepOf<'label'>['print'], 'never'> };

/** The step whose labels the station prints by itself, without a person who asks for it; `null` for none. */
export function printingStep({ phases }: Pick<Recipe, 'phases'>): PrintingStep | null {
  const steps = phases.flatMap((phase) => phase.steps);
  return steps.find((step): step is PrintingStep => step.verb === 'label' && step.print !== 'never') ?? null;
}

/** Names of the instruments that the station must have for a recipe, sorted. */
export function neededInstruments({ phases }: Pick<Recipe, 'phases'>): string[] {
  const names = phases.flatMap(({ hold = [], steps }) => [...hold, ...steps.flatMap(instrumentsOf)]);
  return [...new Set(names)].sort();
}
