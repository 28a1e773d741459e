import { describe, expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import { createImpostor } from '../../bench/torture/impostor.ts';
import { createRandomSource } from '../../bench/torture/random-source.ts';
import { PRODUCT } from '../../bench/torture/recipe.ts';
import { startRegistry } from '../registry/support/registry-fixture.ts';

describe('the impostor of the torture', () => {
  it('is refused whatever it tries, and would be noticed where it is not', async () => {
    await using setup = await startRegistry({ count: 1 });
    using database = openRegistryStore(setup.dataDir);
    database.seedProduct({ productId: PRODUCT, count: 60, prefix: 't' });
    const found: string[] = [];
    const impostor = createImpostor({
      dataDir: setup.dataDir,
      url: () => setup.registry.http,
      shared: setup.registry.enrolmentToken,
      random: createRandomSource('seed', 'impostor'),
      found: (violation) => found.push(violation),
    });
    expect(await impostor.attempt()).toBeNull();
    const token = setup.addStation('T1');
    const lease = { requestId: 'r', productId: PRODUCT, count: 30 };
    expect((await setup.askAs(token, 'T1', 'POST', '/v1/leases', lease)).status).toBe(200);
    for (let n = 0; n < 60; n++) expect(await impostor.attempt()).toBe('refused');
    expect(impostor.refused()).toBe(60);
    expect(found).toEqual([]);
    // A registry that believes it: the same attempts get through, and are told.
    database.setRights('impostor', ['desk']);
    for (let n = 0; n < 60; n++) await impostor.attempt();
    expect(found.join('\n')).toContain('an impostor retired an identity of T1');
  });
});
