import { pictureTypeOf } from '#shared/codec/picture-type.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { ApiParts, Section } from '../../handler-parts.ts';

export function recipeHandlers({ batches, store }: ApiParts): Section<'recipes'> {
  return {
    'recipes.picture': ({ batchId, name }) => {
      const { recipe } = batches.get(batchId);
      const content = store.batches.recipeFiles(recipe.hash).get(name);
      if (content === undefined) throw new Fault('not-found', `recipe ${recipe.name} has no file ${name}`);
      const mediaType = pictureTypeOf(content);
      if (mediaType === null) {
        throw new Fault('bad-input', `${name} is no picture`, { hint: 'Use PNG, JPEG, GIF or WebP.' });
      }
      return { mediaType, base64: Buffer.from(content).toString('base64') };
    },
  };
}
