import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseRecipe, STATION_ITSELF } from '#station';

import { moduleRecipe } from '../../kit/recipes.ts';
import { soon } from '../../support/patience.ts';
import { openStation } from '../../kit/station.ts';

/** The task of a station in its own process before its memory is read. */
export interface MemoryTask {
  readonly dataDir: string;
  readonly registry: { readonly url: string; readonly token: string };
  readonly productId: string;
  readonly lease: number;
  readonly csv: string;
  readonly portPath: string;
  /** Two halves of a text in memory, to prove that the search finds it. */
  readonly control: readonly [string, string];
}

const lines = createInterface({ input: process.stdin });
const [text] = (await once(lines, 'line')) as [string];
const task = JSON.parse(text) as MemoryTask;
const station = await openStation(task.dataDir, { slots: [{ slot: 1, portPath: task.portPath }] });
station.settings.configure({ station: 'S1', registry: task.registry }, STATION_ITSELF);
const leased = await station.pool.lease(task.productId, task.lease, STATION_ITSELF, soon());
const { added } = await station.pool.importCsv(task.csv, {}, STATION_ITSELF, soon());
const recipe = parseRecipe(moduleRecipe(), 'recipe');
const { batchId } = station.batches.create({ recipe, quantity: 10, name: 'test' }, STATION_ITSELF);
const started = station.startUnit({ batchId, serialNumber: 'SN000001', operator: 'Li', slot: 1 });
const { outcome, deviceName } = await started.finished;
const control = Buffer.from(task.control.join(''));
for (let n = 0; n < 4; n += 1) {
  globalThis.gc?.();
  await new Promise((resolve) => setImmediate(resolve));
}
console.log(JSON.stringify({ leased, added, outcome, deviceName }));
await once(lines, 'line');
await station.close();
lines.close();
process.exitCode = control.length === 0 ? 1 : 0;
