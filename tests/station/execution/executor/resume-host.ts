import { join } from 'node:path';
import { createNodePlatform, createStation, readRecipe } from '#station';

/** A station in a process that may be killed: starts one unit and says the batch's id. */
const [dir = '', portPath = ''] = process.argv.slice(2);
const station = await createStation(createNodePlatform(join(dir, 'station')), {
  slots: [{ slot: 1, portPath }],
  appVersion: '0.0.0-test',
  autoSync: false,
});
const recipe = await readRecipe(join(dir, 'recipe.yaml'));
const { batchId } = station.batches.create({ recipe, quantity: 10, name: 'test' });
station.startUnit({ batchId, serialNumber: 'SN1', operator: 'Li', slot: 1 });
console.log(batchId);
