/** Opens the station of a data directory in a process of its own: `station-child.ts DATA-DIR`. */
import { createNodePlatform, createStation } from '#station';

const [dataDir = ''] = process.argv.slice(2);
const began = performance.now();
const station = await createStation(createNodePlatform(dataDir), {
  slots: [],
  appVersion: 'bench',
  autoSync: false,
});
const ms = performance.now() - began;
const rssMb = process.memoryUsage().rss / 1e6;
await station.close();
process.stdout.write(`${JSON.stringify({ ms, rssMb })}\n`);
