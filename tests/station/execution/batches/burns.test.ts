import { describe, expect, it } from 'vitest';
import { STATION_ITSELF } from '#station';
import { moduleRecipe, describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';
import { startStation } from '../../../kit/station.ts';

describe('a batch', () => {
  it('shows whether its recipe burns triples', async () => {
    await using setup = await startStation();
    const { batches } = setup.station;
    const burns = (text: string): boolean =>
      batches.create({ recipe: parsedRecipe(text), quantity: 1 }, STATION_ITSELF).recipe.burns;
    expect(burns(moduleRecipe())).toBe(true);
    expect(burns(describedRecipe('- { verb: wait, ms: 1 }'))).toBe(false);
    // Also within a loop.
    expect(
      burns(
        moduleRecipe().replace('[{ verb: burn-triple }]', '[{ verb: burn-triple, forEach: { n: [1] } }]'),
      ),
    ).toBe(true);
  });
});
