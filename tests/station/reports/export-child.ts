/** Exports a batch in a process of its own and prints how much memory it had at most: `node export-child.ts DATA FORMAT FILE`. */
import type { ReportFormat } from '#shared/contract/index.ts';
import { writeRunReport } from '../../../station/reports/index.ts';
import { openStoreForReading } from '../../../station/store/index.ts';

const [dataDir = '', format = '', file = ''] = process.argv.slice(2);
const store = openStoreForReading(dataDir);
let peakBytes = 0;
const { runs } = await writeRunReport(store, 'B', file, {
  format: format as ReportFormat,
  signal: new AbortController().signal,
  onProgress(done) {
    if (done % 200 === 0) peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  },
});
store.close();
process.stdout.write(JSON.stringify({ runs, peakMb: peakBytes / 1e6 }));
