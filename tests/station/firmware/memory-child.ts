/**
 * A station in a process of its own that imports and uploads one package, and says how much memory that took above what
 * the process had when it was ready. Arguments: package, data directory, registry address, token.
 */
import { STATION_ITSELF } from '#station';
import { openStation } from '../../kit/station.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';

const [path = '', dataDir = '', url = '', token = ''] = process.argv.slice(2);
const station = await openStation(dataDir);
station.settings.configure({ station: 'memory', registry: { url, token } }, STATION_ITSELF);
const startRss = process.memoryUsage.rss();
let maxRss = startRss;
const timer = setInterval(() => {
  maxRss = Math.max(maxRss, process.memoryUsage.rss());
}, 5);
const actor = { user: 'Li', role: 'engineer' } as const;
const began = performance.now();
const { firmware } = await station.firmware.importFrom([path], {}, () => undefined, actor, NEVER_ABORTED);
const imported = performance.now();
const uploaded = await station.firmware.upload(firmware.sha256, () => undefined, actor, NEVER_ABORTED);
const ended = performance.now();
clearInterval(timer);
await station.close();
process.stdout.write(
  `${JSON.stringify({
    sha256: firmware.sha256,
    registrySha256: uploaded.registry.sha256,
    aboveStartBytes: Math.max(maxRss, process.memoryUsage.rss()) - startRss,
    importMs: Math.round(imported - began),
    uploadMs: Math.round(ended - imported),
  })}\n`,
);
