import { describe, expect, it } from 'vitest';
import { STATION_ITSELF, createNodePlatform, createStation, parseRecipe } from '#station';
import { fastDir } from '../../../support/temp-dir.ts';
import { moduleRecipe, describedRecipe } from '../../../kit/recipes.ts';

describe('a batch', () => {
  it('says whether its units take triples, so that an empty pool holds up only those', async () => {
    using dir = fastDir();
    await using closing = new AsyncDisposableStack();
    const station = await createStation(createNodePlatform(dir.path), { slots: [], appVersion: '0' });
    closing.defer(() => station.close());
    const burns = (text: string): boolean =>
      station.batches.create({ recipe: parseRecipe(text, 'recipe'), quantity: 1 }, STATION_ITSELF).recipe
        .burns;
    expect(burns(moduleRecipe())).toBe(true);
    expect(burns(describedRecipe('- { verb: wait, ms: 1 }'))).toBe(false);
    // A loop is unrolled before it is looked at.
    expect(
      burns(
        moduleRecipe().replace('[{ verb: burn-triple }]', '[{ verb: burn-triple, forEach: { n: [1] } }]'),
      ),
    ).toBe(true);
  });
});
