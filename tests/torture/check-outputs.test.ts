import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import { noFindings } from '../../bench/torture/findings.ts';
import { checkOutputs } from '../../bench/torture/outputs/check-outputs.ts';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { beginRun, PRODUCT } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';

it('finds papers, files, reports and closings that the records contradict', async () => {
  using dir = tempDir('outputs');
  const [dataDir, registryDir, reports] = ['station', 'registry', 'reports'].map((name) =>
    join(dir.path, name),
  ) as [string, string, string];
  for (const folder of [registryDir, reports, join(dataDir, 'attachments')])
    mkdirSync(folder, { recursive: true });
  openRegistryStore(registryDir)[Symbol.dispose]();
  const database = openStationDatabase(dataDir);
  const common = {
    runId: 'R1',
    unitId: null,
    tripleId: null,
    template: 'default',
    reason: 'pass',
    why: '',
    askedBy: 'Li',
  } as const;
  database.transaction(() => {
    database.batches.addRecipe({ hash: 'h', name: 'r', version: '1', source: '' }, 1);
    const batch = { name: 'outputs-1', productId: PRODUCT, quantity: 2, createdAtMs: 1, recipeHash: 'h' };
    database.batches.add({ ...batch, batchId: 'B' });
    for (const runId of ['R1', 'R2']) {
      beginRun(database, runId, `SN-${runId}`);
      database.runs.finish(runId, 2, 'PASS', null);
    }
    for (const [printId, state] of [
      ['without-paper', 'printed'],
      ['interrupted', 'printed'],
      ['open', 'waiting'],
    ] as const) {
      const print = { ...common, printId, payload: printId, askedAtMs: 3, wantsScan: false, slot: null };
      database.labelPrints.add({ ...print, state: 'waiting' });
      if (state === 'waiting') continue;
      database.labelPrints.change(printId, { state: 'sending', sentAtMs: 4 });
      database.labelPrints.change(printId, { state, endedAtMs: 5, confirmedBy: 'printer' });
    }
    database.batches.close('B', 6, 'Li');
  });
  database.close();
  writeFileSync(join(reports, 'stray.csv'), '');
  writeFileSync(join(dataDir, 'attachments', 'stray'), '');
  const findings = noFindings();
  const papers = ['interrupted', 'unknown'].map((payload) => ({ payload, isDouble: false }));
  // The second of a double label, and a piece of one, are no labels.
  const others = [
    { payload: 'interrupted', isDouble: true },
    { payload: null, isDouble: false },
  ];
  const interrupted = new Set(['interrupted']);
  const places = { dataDir, registryDir, reports, flashDir: dir.path };
  await checkOutputs(
    { name: 'T1', units: [], papers: [...papers, ...others], interrupted, ...places },
    findings,
  );
  expect(findings).toEqual({
    ...noFindings(),
    labels: [
      'T1: a label came out that no record has: unknown',
      'T1: 1 prints of without-paper are printed, 0 papers came out',
      'T1: print interrupted was in doubt after a kill, and no person was asked',
      'T1: print open stayed waiting',
      'T1: run R2 passed, and has no print',
    ],
    attachments: [
      'T1: run R1 passed, and has no attachment',
      'T1: run R2 passed, and has no attachment',
      'T1: attachments/stray belongs to no run',
    ],
    reports: [
      'T1: batch outputs-1 has 0 reports in place of 3',
      'T1: stray.csv is in the folder of reports, and no record has it',
    ],
    closings: [
      'T1: batch outputs-1 has 0 balances in place of 1',
      'T1: the audit trail closes outputs-1 0 times in place of 1',
    ],
  });
});
