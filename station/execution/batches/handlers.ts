import { Fault } from '#shared/domain/fault.ts';
import { inspectRecipe, parseRecipe } from '../executor/index.ts';
import type { ApiParts, Section } from '../../handler-parts.ts';

export function batchHandlers({ batches, slots }: ApiParts): Section<'batches'> {
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
      const { parsed, issues } = inspectRecipe(withoutMark(recipeYaml));
      if (parsed === null) return { recipe: null, issues };
      const { name, version, title, product: productId, serialNumber, phases } = parsed.recipe;
      const steps = phases.reduce((sum, phase) => sum + phase.steps.length, 0);
      const summary = { name, version, hash: parsed.hash, title, productId, steps, phases: phases.length };
      return { recipe: { ...summary, serialExample: serialNumber.example }, issues };
    },
    'batches.create': ({ recipeYaml, ...batch }, { session }) =>
      batches.create({ recipe: parseRecipe(withoutMark(recipeYaml), 'recipe'), ...batch }, session),
    'batches.setStart': ({ batchId, start }, { session }) => batches.setStart(batchId, start, session),
  };
}

/** A page's text may begin with the byte order mark of its file, which must not change the recipe's hash. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF+/, '');
}
