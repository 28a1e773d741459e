import { Fault } from '#shared/domain/fault.ts';
import {
  llsyncPlaceOf,
  type LlsyncReference,
  llsyncReferences,
  type LlsyncStep,
} from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { thingModelOf } from './thing-model.ts';

/** The place of an id of a step, by its path in the step. */
export type PlaceOf = (id: string | number, ...path: readonly (string | number)[]) => number;

/**
 * The places of the ids of a step: the numbers themselves, and those of names by the thing model of the step. Faults:
 * `recipe-invalid` for a file that is no thing model, and for an id that it does not have.
 */
export function llsyncPlaces(step: LlsyncStep, run: RunContext): PlaceOf {
  const { model } = step;
  const references = model === undefined ? [] : llsyncReferences(step, thingModelOf(model, run));
  const places = new Map(references.map((reference) => [reference.path.join('.'), reference]));
  return (id, ...path) => {
    const reference: LlsyncReference | undefined = places.get(path.join('.'));
    const place = reference === undefined ? id : llsyncPlaceOf(reference);
    if (typeof place === 'number') return place;
    throw new Fault('recipe-invalid', `${model ?? 'the step'} has no ${id} for ${path.join('.')}`);
  };
}
