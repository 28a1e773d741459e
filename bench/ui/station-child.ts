/**
 * A station whose slots work all the time, and its kiosk: `station-child.ts DATA-DIR PAGES PORT…`. Prints the link of the
 * page, then a line for each step that begins, and a last line of figures.
 */
import { createNodePlatform, createStation } from '#station';
import { startKiosk } from '#kiosk';
import { keepSlotsAtWork } from './keep-slots-at-work.ts';

const [dataDir = '', rendererDir = '', ...ports] = process.argv.slice(2);
const platform = createNodePlatform(dataDir);
const slots = ports.map((portPath, at) => ({ slot: at + 1, portPath }));
const station = await createStation(platform, { slots, appVersion: '0', autoSync: false });
const kiosk = await startKiosk({ station, rendererDir, log: platform.log });
const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
print({ url: kiosk.url });
const stop = new AbortController();
const cpu = process.cpuUsage();
const working = keepSlotsAtWork(station, stop.signal, (began) => print(began));
await new Promise<void>((resolve) => void process.stdin.resume().once('end', resolve));
stop.abort();
const runs = await working;
const { user, system } = process.cpuUsage(cpu);
print({ runs, cpuMs: Math.round((user + system) / 1000) });
await kiosk.close();
await station.close();
