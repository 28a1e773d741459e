/**
 * Exports a batch in a process of its own, as `gongwei report` does, and prints its figures: `node export-alone.ts DATA FORMAT
 * FILE`.
 */
import type { ReportFormat } from '#shared/contract/index.ts';
import { keepHeapSmall, writeReport } from '../../station/results/reports/index.ts';
import { openStationDatabaseForReading } from '../../station/core/database/index.ts';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';

const SAMPLE_MS = 20;
const [dataDir = '', format = '', file = ''] = process.argv.slice(2);
keepHeapSmall();
const database = openStationDatabaseForReading(dataDir);
const startBytes = process.memoryUsage.rss();
let peakBytes = startBytes;
const sampler = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), SAMPLE_MS);
const began = performance.now();
const beganCpu = process.cpuUsage();
const { runs, bytes } = await writeReport(database, { kind: 'batch', batchId: 'B' }, file, {
  format: format as ReportFormat,
  signal: NEVER_ABORTED,
});
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(beganCpu);
clearInterval(sampler);
database.close();
process.stdout.write(
  JSON.stringify({
    runs,
    ms: Math.round(ms),
    cpuMs: Math.round((user + system) / 1000),
    fileMb: bytes / 1e6,
    aboveStartMb: (peakBytes - startBytes) / 1e6,
    rssMb: peakBytes / 1e6,
  }),
);
