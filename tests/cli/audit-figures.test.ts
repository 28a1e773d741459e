import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { databaseFile, openStationDatabase } from '../../station/core/database/index.ts';
import { writeFacts } from '../../station/results/figures/index.ts';
import { addRuns, addSampleBatch } from '../station/results/reports/sample-batch.ts';
import { invoke } from '../kit/in-process.ts';
import { tempDir } from '../support/temp-dir.ts';

it('audit verify finds kept figures that were changed by hand, and audit remake-figures makes them anew', async () => {
  using dir = tempDir('audit-figures');
  const database = openStationDatabase(dir.path);
  addSampleBatch(database);
  addRuns(
    database,
    Array.from({ length: 20 }, (_, n) => ({ runId: `r${n}`, startedAtMs: 1000 * n })),
  );
  writeFacts(database);
  database.close();
  const audit = (name: string) => invoke('audit', name, '--data', dir.path, '--json');
  expect(await audit('verify')).toMatchObject({
    status: 0,
    events: [{ event: 'audit.verified', figures: { compared: 20, differences: 0 } }],
  });
  const db = new Database(databaseFile(dir.path));
  db.exec('UPDATE run_fact SET outcome = 1 WHERE row = 7');
  db.close();
  const found = await audit('verify');
  expect(found).toMatchObject({
    status: 4,
    events: [
      { event: 'audit.verified', findings: 1 },
      { event: 'audit.finding', kind: 'figures', subject: 'run_fact B', what: 'different' },
    ],
  });
  expect(await audit('remake-figures')).toMatchObject({
    status: 0,
    events: [{ event: 'figures.remade', runs: 20 }],
  });
  expect(await audit('verify')).toMatchObject({
    status: 0,
    events: [{ event: 'audit.verified', findings: 0 }],
  });
});
