import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderLabel, runLabel } from '../../../../station/results/labels/index.ts';
import { moduleRecipe, parsedRecipe } from '../../../kit/recipes.ts';
import { startStation } from '../../../kit/station.ts';
import { simulated } from '../../../kit/units.ts';
import { expectSameAgain } from '../replay/replay-support.ts';
import { readCode } from '../../results/labels/readers.ts';

const step = (keys: string): string => `  - name: label
    steps: [{ verb: label, ${keys} }]
`;
const recipeWith = (keys: string): string => moduleRecipe({ steps: step(keys) });

describe('the payload of a label step', () => {
  it('is the text of the code on the label, which zbarimg reads, and of the record, also in a replay', async () => {
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: recipeWith(
        `payload: 'https://app.example/d?p={productId}&n={deviceName}&m={macHex}&s={serialNumber}'`,
      ),
    });
    const result = await setup.run();
    expect(result).toMatchObject({ outcome: 'PASS', failure: null });
    const { productId, deviceName, runId } = result;
    const expected = `https://app.example/d?p=${productId}&n=${deviceName}&m=${setup.units.chipOf(1)}&s=SN000001`;
    expect(setup.values(result)['label-payload']).toBe(expected);
    const { database, batches } = setup.station;
    const run = database.runs.findById(runId);
    if (run === null) throw new Error('the run has no record');
    const label = runLabel(database, run, batches.recipeOf(setup.batchId));
    const file = join(setup.dir, 'label.png');
    writeFileSync(file, await renderLabel(label, 'png'));
    expect(readCode(file)).toBe(expected);
    await expectSameAgain(setup.dataDir, result, 1);
  });

  it.each([
    [`payload: '{deviceSecret}'`, 'deviceSecret'],
    [`payload: '{deviceNam}'`, 'deviceName'],
    [`payload: x, scan: true, print: on-pass`, 'device code'],
    [`payload: x, template: some.yaml`, 'template'],
  ])('is refused by the check of the recipe: %s', (keys, what) => {
    const template = `gongwei: label/1\nname: some\nsize: { width: 60, height: 40 }\nelements: []\n`;
    expect(() => parsedRecipe(recipeWith(keys), { 'some.yaml': template })).toThrow(what);
  });
});
