import { expect, it } from 'vitest';
import { createNodePlatform } from '#station';
import { batchYield } from '#shared/contract/yield.ts';
import { createAuditTrail, STATION_ITSELF } from '../../../../station/core/audit-log/index.ts';
import { openStationDatabase } from '../../../../station/core/database/index.ts';
import { openRunSource } from '../../../../station/results/foreign-runs/index.ts';
import { createYields } from '../../../../station/results/yield/index.ts';
import { CSV, importsOf } from '../foreign-runs/two-stations.ts';
import { addRuns, addSampleBatch, type SampleRun } from '../reports/sample-batch.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const measured = (n: number, station: string): SampleRun => ({
  runId: `${station}-${n}`,
  serialNumber: `${station}${n}`,
  startedAtMs: 1_000_000 + n * 10,
  steps: [{ step: 'radio', measured: [{ name: 'rssi', value: -n, unit: 'dBm', low: -80, high: 0 }] }],
});

it('the yield of a batch has imported runs when they are asked for, and says how many', async () => {
  using dir = tempDir('with-foreign');
  const there = openStationDatabase(`${dir.path}/other`);
  addSampleBatch(there);
  addRuns(
    there,
    [1, 2, 3].map((n) => measured(n, 'other')),
  );
  there.close();
  const database = openStationDatabase(`${dir.path}/home`);
  addSampleBatch(database);
  // Their rows are not 1 and 2.
  addSampleBatch(database, 'C', 'another');
  addRuns(
    database,
    [1, 2].map((n) => ({ ...measured(n, 'c'), batchId: 'C' })),
  );
  addRuns(
    database,
    [1, 2].map((n) => measured(n, 'home')),
  );
  const imports = importsOf(database);
  await imports.import(
    await openRunSource(`${dir.path}/other`, { csv: CSV }),
    {},
    STATION_ITSELF,
    NEVER_ABORTED,
  );
  const platform = createNodePlatform(dir.path);
  const yields = createYields({
    platform,
    audit: createAuditTrail(database, platform.clock),
    database,
    recipeTitles: () => ({}),
    publish: () => undefined,
  });

  const own = await yields.batch('B', undefined, NEVER_ABORTED);
  expect(own).toMatchObject({ foreignRuns: null, figures: { units: 2 } });
  const all = batchYield.parse(await yields.batch('B', undefined, NEVER_ABORTED, true));
  expect(all).toMatchObject({ foreignRuns: 3, figures: { units: 5, runs: 5 } });
  // A value leads to its run at this station; an imported one has none here.
  const [series] = all.measurements;
  expect(series?.capability.n).toBe(5);
  const runs = series?.recentRuns.map((place) => all.recentRuns[place] ?? null);
  expect(runs?.toSorted()).toEqual(['home-1', 'home-2', null, null, null]);
  expect(await faultOf(() => yields.batch('X', undefined, NEVER_ABORTED, true))).toMatchObject({
    code: 'batch-missing',
  });
  await yields.close();
  await imports.close();
  database.close();
});
