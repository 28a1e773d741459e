import { join } from 'node:path';
import { STATION_ITSELF, readRecipe } from '#station';
import { openStation } from '../../../kit/station.ts';

/** A station in a process that may be killed: starts one unit and says the batch's id. */
const [dir = '', portPath = ''] = process.argv.slice(2);
const station = await openStation(join(dir, 'station'), { slots: [{ slot: 1, portPath }] });
const recipe = await readRecipe(join(dir, 'recipe.yaml'));
const { batchId } = station.batches.create({ recipe, quantity: 10, name: 'test' }, STATION_ITSELF);
station.startUnit({ batchId, serialNumber: 'SN1', operator: 'Li', slot: 1 });
console.log(batchId);
