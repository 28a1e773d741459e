/** One import in a process of its own, to measure its memory: `import-child.ts DATA-DIR FILE`. */
import { createNodePlatform, createStation, STATION_ITSELF } from '#station';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';

const [dataDir = '', file = ''] = process.argv.slice(2);
const config = { slots: [], appVersion: 'bench', autoSync: false };
const station = await createStation(createNodePlatform(dataDir), config);
const startRss = process.memoryUsage().rss;
let longestMs = 0;
let last = performance.now();
const began = last;
const report = await station.pool.importCsv(
  file,
  {
    onProgress() {
      const now = performance.now();
      longestMs = Math.max(longestMs, now - last);
      last = now;
    },
  },
  STATION_ITSELF,
  NEVER_ABORTED,
);
const end = performance.now();
await station.close();
process.stdout.write(
  `${JSON.stringify({
    added: report.added,
    ms: end - began,
    // The last step inserts all triples in one transaction.
    longestMs: Math.max(longestMs, end - last),
    // The maximum counted by the system, which samples could miss.
    aboveStartMb: (process.resourceUsage().maxRSS * 1024 - startRss) / 1e6,
  })}\n`,
);
