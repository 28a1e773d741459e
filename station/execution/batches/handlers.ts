import type { SectionHandlers } from '#shared/contract/index.ts';
import { pictureTypeOf } from '#shared/codec/picture-type.ts';
import { Fault } from '#shared/domain/fault.ts';
import { inspectRecipe, parseRecipe } from '../recipes/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { Batches } from './batches.ts';
import type { Slots } from '../slots/index.ts';

export function batchHandlers({
  batches,
  slots,
  database,
}: {
  readonly batches: Batches;
  readonly slots: Slots;
  readonly database: WritableDatabase;
}): SectionHandlers<'batches' | 'recipes'> {
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
      batches.select(batchId);
      return batches.state();
    },
    'batches.check': ({ recipeYaml }) => {
      const { parsed, issues } = inspectRecipe(withoutBom(recipeYaml));
      if (parsed === null) return { recipe: null, issues };
      const { name, version, title, product: productId, serialNumber, phases } = parsed.recipe;
      const steps = phases.reduce((sum, phase) => sum + phase.steps.length, 0);
      const summary = { name, version, hash: parsed.hash, title, productId, steps, phases: phases.length };
      return { recipe: { ...summary, serialExample: serialNumber.example }, issues };
    },
    'batches.create': ({ recipeYaml, ...batch }, { by }) =>
      batches.create({ recipe: parseRecipe(withoutBom(recipeYaml), 'recipe'), ...batch }, by),
    'batches.setStart': ({ batchId, start }, { by }) => batches.setStartMode(batchId, start, by),
    'recipes.picture': ({ batchId, name }) => {
      const { recipe } = batches.get(batchId);
      const content = database.batches.getRecipeFiles(recipe.hash).get(name);
      if (content === undefined) throw new Fault('not-found', `recipe ${recipe.name} has no file ${name}`);
      const mediaType = pictureTypeOf(content);
      if (mediaType === null) {
        throw new Fault('bad-input', `${name} is not a picture`, { hint: 'Use PNG, JPEG, GIF or WebP.' });
      }
      return { mediaType, base64: Buffer.from(content).toString('base64') };
    },
  };
}

/** The text of a page may begin with the byte order mark of its file, which must not change the hash. */
function withoutBom(text: string): string {
  return text.replace(/^\uFEFF+/, '');
}
