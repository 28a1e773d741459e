import type { SectionHandlers, StationContract } from '#shared/contract/index.ts';
import type { CallInput } from '#shared/rpc/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { neededInstruments, type Recipe } from '#shared/recipe/index.ts';
import type { Instruments } from '../../devices/instruments/index.ts';
import { inspectRecipe, issueViews, type ParsedRecipe, parseRecipe } from '../recipes/index.ts';
import type { Tools } from '../tools/index.ts';
import { batchNeeds, type StationEquipment } from './batch-needs.ts';
import type { Batches } from './batches.ts';
import type { Slots } from '../slots/index.ts';

/** Recipes of the station, as batches need them. */
export interface RecipesForBatches {
  /** Faults: `not-found`, `recipe-state` for a withdrawn version, `recipe-changed`, `recipe-invalid`. */
  forBatch(hash: string): { readonly recipe: ParsedRecipe; readonly locked: boolean };
}

/** Drafts of recipes, as trials need them. */
export interface DraftsForBatches {
  /** Faults: `not-found`, `recipe-invalid`, `tool-missing`, the signal's reason. */
  parsed(draftId: string, signal: AbortSignal): Promise<ParsedRecipe>;
}

/** Shipped recipes, as trials need them. */
export interface ExamplesForBatches {
  /** Faults: `not-found`. */
  get(example: string): Promise<ParsedRecipe>;
}

export function batchHandlers({
  batches,
  slots,
  recipes,
  recipeDrafts,
  recipeExamples,
  instruments,
  tools,
  networks,
  printerSettings,
}: {
  readonly batches: Batches;
  readonly slots: Slots;
  readonly recipes: RecipesForBatches;
  readonly recipeDrafts: DraftsForBatches;
  readonly recipeExamples: ExamplesForBatches;
  readonly instruments: Instruments;
  readonly tools: Tools;
  readonly networks: StationEquipment['networks'];
  readonly printerSettings: StationEquipment['printerSettings'];
}): SectionHandlers<'batches'> {
  /** Faults: `instrument-missing` when no slot has the instruments of the recipe. */
  const requireInstruments = (recipe: Recipe): void => {
    const names = neededInstruments(recipe);
    const all = slots.state.slots.map(({ slot }) => slot);
    const [first] = all;
    if (first === undefined || names.length === 0) return;
    const able = all.find((slot) => instruments.missing(names, slot).length === 0);
    if (able === undefined) instruments.require(names, first);
  };
  const find = async (
    { recipe, recipeYaml }: CallInput<StationContract, 'batches.needs'>,
    signal: AbortSignal,
  ): Promise<{ readonly recipe: ParsedRecipe; readonly locked?: boolean }> => {
    if (recipe === undefined) return { recipe: parseRecipe(withoutBom(recipeYaml ?? ''), 'recipe') };
    if ('hash' in recipe) return recipes.forBatch(recipe.hash);
    return {
      recipe:
        'draftId' in recipe
          ? await recipeDrafts.parsed(recipe.draftId, signal)
          : await recipeExamples.get(recipe.example),
    };
  };
  return {
    'batches.list': () => ({ batches: batches.state().batches }),
    'batches.select': ({ batchId }) => {
      const [busy] = slots.running();
      if (busy !== undefined) {
        throw new Fault('slot-busy', `slot ${busy.slot} is at work`, {
          hint: 'Change the batch when every slot is done.',
          details: { slot: busy.slot },
        });
      }
      if (batchId !== null) requireInstruments(batches.recipeOf(batchId).recipe);
      batches.select(batchId);
      return batches.state();
    },
    'batches.check': ({ recipeYaml }) => {
      const { parsed, issues } = inspectRecipe(withoutBom(recipeYaml));
      if (parsed === null) return { recipe: null, issues: issueViews(issues) };
      const { name, version, title, product: productId, serialNumber, phases } = parsed.recipe;
      const steps = phases.reduce((sum, phase) => sum + phase.steps.length, 0);
      const summary = { name, version, hash: parsed.hash, title, productId, steps, phases: phases.length };
      return { recipe: { ...summary, serialExample: serialNumber.example }, issues: [] };
    },
    'batches.needs': async (choice, { signal }) =>
      batchNeeds((await find(choice, signal)).recipe.recipe, {
        slots,
        instruments,
        tools,
        networks,
        printerSettings,
        quotas: batches.quotas,
      }),
    'batches.create': async ({ recipe, recipeYaml, ...batch }, { by, signal }) =>
      batches.create({ ...(await find({ recipe, recipeYaml }, signal)), ...batch }, by),
    'batches.setStart': ({ batchId, start }, { by }) => batches.setStartMode(batchId, start, by),
  };
}

/** The text of a page may begin with the byte order mark of its file, which must not change the hash. */
function withoutBom(text: string): string {
  return text.replace(/^\uFEFF+/, '');
}
