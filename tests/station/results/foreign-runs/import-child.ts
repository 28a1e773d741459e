/** Imports a file into a data directory and prints, as JSON, how many runs it took and the memory: what is alive, and the peak. */
import { AttachmentFiles } from '../../../../station/core/attachments/index.ts';
import { createAuditTrail } from '../../../../station/core/audit-log/index.ts';
import { openStationDatabase } from '../../../../station/core/database/index.ts';
import { ForeignRuns, openRunSource } from '../../../../station/results/foreign-runs/index.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const [, , dataDir = '', file = ''] = process.argv;
const database = openStationDatabase(dataDir);
const clock = manualClock();
const random = { id: () => 'source' };
const foreign = new ForeignRuns({
  database,
  platform: { clock, random } as never,
  audit: createAuditTrail(database, clock),
  attachments: new AttachmentFiles(dataDir, database, () => 'part'),
});
let [live, peak] = [0, 0];
let count = 0;
const onProgress = (): void => {
  count += 1;
  if (count % 500 !== 0) return;
  peak = Math.max(peak, process.memoryUsage.rss());
  globalThis.gc?.();
  live = Math.max(live, process.memoryUsage().heapUsed);
};
const csv = {
  map: {},
  values: [],
  time: { format: 'iso', zone: 'UTC' },
  decimal: '.',
  station: '',
  batch: '',
} as const;
const started = performance.now();
const { added } = await foreign.import(
  await openRunSource(file, { csv }),
  { onProgress },
  { user: 'x', role: 'engineer' },
  NEVER_ABORTED,
);
database.close();
const ms = Math.round(performance.now() - started);
process.stdout.write(JSON.stringify({ added, ms, liveMb: live / 1e6, peakMb: peak / 1e6 }));
