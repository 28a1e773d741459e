import { Fault } from '#shared/domain/fault.ts';
import { parseRecipe } from '../runner/index.ts';
import type { ApiParts, Section } from './parts.ts';

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
    'batches.create': ({ recipeYaml, quantity, name, firmwareSha256 }) => {
      return batches.create({
        recipe: parseRecipe(recipeYaml, 'recipe'),
        quantity,
        name,
        firmwareSha256,
      });
    },
  };
}
