import { parseThingModel } from '#shared/domain/thing-model/index.ts';
import {
  didYouMean,
  llsyncPlaceOf,
  type LlsyncReference,
  llsyncReferences,
  type LlsyncStep,
  type Mistake,
  type Recipe,
} from '#shared/recipe/index.ts';
import { yamlText as text } from '../../core/yaml/index.ts';

/** Ids of steps with LLSync that their thing model does not have, and types that it has otherwise. */
export function llsyncMistakes(recipe: Recipe, files: ReadonlyMap<string, Uint8Array>): Mistake[] {
  return recipe.phases.flatMap(({ steps }, p) =>
    steps.flatMap((step, s) => {
      if (!isLlsync(step) || step.model === undefined) return [];
      const name = step.model;
      const read = parseThingModel(Buffer.from(files.get(name) ?? []).toString('utf8'));
      // Reported as the mistake of the file.
      if (!read.ok) return [];
      const [head, ...parts] = llsyncReferences(step, read.model);
      // Of what the thing model does not have, it has no parts.
      const references = head === undefined || llsyncPlaceOf(head) === null ? [] : parts;
      return [...(head === undefined ? [] : [head]), ...references].flatMap((reference) =>
        mistakesOf(name, reference, ['phases', p, 'steps', s]),
      );
    }),
  );
}

function isLlsync(step: Recipe['phases'][number]['steps'][number]): step is LlsyncStep {
  return step.verb === 'llsync-property' || step.verb === 'llsync-event' || step.verb === 'llsync-action';
}

function mistakesOf(
  name: string,
  { path, id, among, type }: LlsyncReference,
  at: readonly (string | number)[],
): Mistake[] {
  const place = llsyncPlaceOf({ id, among });
  if (place === null) {
    const ids = among.map((one) => one.id);
    const message =
      typeof id === 'number'
        ? text('model-no-place', name, id, among.length)
        : text('model-no-name', name, id, didYouMean(id, ids));
    return [{ path: [...at, ...path], message }];
  }
  const found = among[place];
  if (type === null || found?.type == null || found.type === type.name) return [];
  return [{ path: [...at, ...type.path], message: text('model-other-type', name, found.id, found.type) }];
}
