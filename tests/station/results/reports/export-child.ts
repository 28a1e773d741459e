/**
 * Exports a batch in a process of its own and prints how much memory it had at most: `node --expose-gc export-child.ts
 * DATA FORMAT FILE`.
 */
import type { ReportFormat } from '#shared/contract/index.ts';
import { writeReport } from '../../../../station/results/reports/index.ts';
import { openStationDatabaseForReading } from '../../../../station/core/database/index.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const [dataDir = '', format = '', file = ''] = process.argv.slice(2);
const database = openStationDatabaseForReading(dataDir);
let [liveBytes, peakBytes] = [0, 0];
const { runs } = await writeReport(database, { kind: 'batch', batchId: 'B' }, file, {
  format: format as ReportFormat,
  signal: NEVER_ABORTED,
  onProgress(done) {
    if (done % 500 !== 0) return;
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    // What is still held when the garbage is out is what grows, if anything does.
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    liveBytes = Math.max(liveBytes, heapUsed + external);
  },
});
database.close();
process.stdout.write(JSON.stringify({ runs, liveMb: liveBytes / 1e6, peakMb: peakBytes / 1e6 }));
