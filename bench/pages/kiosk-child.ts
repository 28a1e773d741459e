/**
 * Opens the station of a data directory with its kiosk, in a process of its own: `kiosk-child.ts DATA-DIR PAGES BATCH`. Prints
 * how long the station took and the link of the kiosk; ends when its input is closed, and prints its memory after use.
 */
import { once } from 'node:events';
import { startKiosk } from '#kiosk';
import { createNodePlatform, createStation, STATION_ITSELF } from '#station';
import { BENCH_PIN, BENCH_USER } from './bench-user.ts';

const [dataDir = '', rendererDir = '', batchId = ''] = process.argv.slice(2);
const [began, cpuBegan] = [performance.now(), process.cpuUsage()];
const platform = createNodePlatform(dataDir);
const station = await createStation(platform, { slots: [], appVersion: 'bench', autoSync: false });
const { user, system } = process.cpuUsage(cpuBegan);
const ready = {
  ms: performance.now() - began,
  cpuMs: (user + system) / 1000,
  rssMb: process.memoryUsage().rss / 1e6,
};
if (station.database.users.findByName(BENCH_USER) === null)
  await station.access.add(BENCH_USER, 'engineer', BENCH_PIN, STATION_ITSELF);
station.batches.select(batchId);
const kiosk = await startKiosk({ station, rendererDir, log: platform.log });
process.stdout.write(`${JSON.stringify({ ...ready, url: kiosk.url })}\n`);
process.stdin.resume();
await once(process.stdin, 'end');
const used = { rssMb: process.memoryUsage().rss / 1e6, maxRssMb: process.resourceUsage().maxRSS / 1e3 };
await kiosk[Symbol.asyncDispose]();
await station.close();
process.stdout.write(`${JSON.stringify(used)}\n`);
