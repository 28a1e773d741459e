import { Fault } from '#shared/domain/fault.ts';
import type { NvsIdentity } from '#shared/recipe/index.ts';
import type { Batches } from '../execution/batches/index.ts';

/** Where the recipes of this station's batches have an identity in NVS. */
export function knownPlaces(batches: Batches): NvsIdentity[] {
  return batches.state().batches.flatMap(({ batchId }) => {
    try {
      return batches.recipeOf(batchId).recipe.device.identity?.nvs ?? [];
    } catch (error) {
      // A recipe that cannot be read any more keeps nobody from reading a unit.
      if (error instanceof Fault) return [];
      throw error;
    }
  });
}

/** True for a fault after which the unit may be of another kind than the recipe says. */
export function mayBeOtherKind(error: unknown): error is Fault {
  return error instanceof Fault && error.class === 'unit' && error.code !== 'flash-unreadable';
}
