import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EspFile, FlashRecord } from '#simulator';
import { compareRecords, type RecordComparison } from '../../cli/demo/compare-records.ts';
import { soon } from '../support/patience.ts';
import { startStation } from '../kit/station.ts';
import { simulated, serialOf } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';

describe('station, devices and registry compared', () => {
  it('agree after a batch, and any one of them that is changed is found', async () => {
    await using setup = await startStation({
      units: simulated(3),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 5,
    });
    const [first, second] = [await setup.run(1), await setup.run(2)];
    expect([first.outcome, second.outcome]).toEqual(['PASS', 'PASS']);
    const flashDir = join(setup.dir, 'units');
    const units = setup.units.simulator.inner.units.map(({ unit, mac }) => ({
      unit,
      mac,
      serialNumber: serialOf(unit),
      fault: null,
    }));
    const registry = setup.station.registry();
    if (registry === null) throw new Error('no registry');
    const compare = (images: readonly EspFile[] = []): Promise<RecordComparison> =>
      compareRecords(setup.station, registry, [{ units, flashDir, logIn: true, images }], soon());

    // Nothing was reported to the registry yet, so it differs.
    expect((await compare()).mismatches.join('\n')).toMatch(/the registry has dev1 on no unit/);
    await setup.station.sync.drain(soon());
    expect(await compare()).toEqual({
      distinctIdentities: 2,
      verifiedFlashes: 0,
      mismatches: [],
    });

    // The flash of the first unit differs by one byte, the second has the image, the third has failed.
    const image = { name: 'app.bin', offset: 4, bytes: Buffer.from('firmware') };
    for (const [at, content] of ['....firmwarE', '....firmware'].entries())
      writeFileSync(join(flashDir, `${units[at]?.mac}.flash`), content);
    expect(await compare([image])).toMatchObject({
      verifiedFlashes: 1,
      mismatches: [expect.stringMatching(/SN000001 .*its flash does not hold app\.bin as packed$/)],
    });

    const file = join(flashDir, `${units[0]?.mac}.json`);
    const original = readFileSync(file, 'utf8');
    const change = (to: (flash: FlashRecord) => object): void =>
      writeFileSync(file, JSON.stringify(to(JSON.parse(original) as FlashRecord)));
    const identity = (changes: object) => (flash: FlashRecord) => ({
      ...flash,
      identity: { ...flash.identity, ...changes },
    });

    change(identity({ secretSha256: '0'.repeat(64) }));
    expect((await compare()).mismatches).toEqual([expect.stringMatching(/another secret/)]);
    change(identity({ deviceName: 'dev9' }));
    expect((await compare()).mismatches).toEqual([
      expect.stringMatching(/station says .*dev1, its flash .*dev9/),
    ]);
    change(identity({ productId: 'OTHERPROD1' }));
    expect((await compare()).mismatches).toEqual([expect.stringMatching(/its flash OTHERPROD1\/dev1/)]);
    change(identity({ deviceName: second.deviceName }));
    expect(await compare()).toMatchObject({
      distinctIdentities: 1,
      mismatches: expect.arrayContaining([expect.stringMatching(/as another unit's does/)]) as unknown,
    });
    change((flash) => ({ ...flash, identity: null }));
    expect((await compare()).mismatches).toEqual([expect.stringMatching(/its flash none/)]);
    rmSync(file);
    expect((await compare()).mismatches).toContainEqual(expect.stringMatching(/has no flash file/));
    writeFileSync(file, original);
    expect((await compare()).mismatches).toEqual([]);
  });
});
