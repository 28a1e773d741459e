import { describe, expect, it } from 'vitest';
import { createNodePlatform, type RestoreReport, restoreStation } from '#station';
import { finishRun } from '../../station/execution/executor/finish-run.ts';
import { addBatch, beginRun, openSampleStore } from '../kit/sample-rows.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { openStationDatabase, type WritableDatabase } from '../../station/core/database/index.ts';
import { tempDir } from '../support/temp-dir.ts';
import { openStation } from '../kit/station.ts';

const restore = (dataDir: string, from: string): Promise<RestoreReport> =>
  restoreStation(createNodePlatform(dataDir), {
    from,
    reason: 'a page is torn',
    approver: 'Wang',
    by: { user: 'Chen', role: 'support' },
  });

function send(database: WritableDatabase, key: string): void {
  const seqs = database.outbox.listPending(99).flatMap((row) => (row.key === key ? [row.seq] : []));
  database.outbox.markSent(seqs, 9);
}

const outcomes = (database: WritableDatabase): unknown[] =>
  ['sent', 'unsent', 'cut-off'].map((runId) => {
    const run = database.runs.findById(runId);
    return [run?.outcome, run?.failure?.code ?? null];
  });

describe('a restore of a backup that was made while units were tested', () => {
  it('ends their runs as they ended, tells each once, and takes none of them up', async () => {
    using dir = tempDir('restored-runs');
    const database = openStationDatabase(dir.path);
    addBatch(database, moduleRecipe());
    for (const runId of ['sent', 'unsent', 'cut-off'])
      database.transaction(() => beginRun(database, runId, `SN-${runId}`));
    const backup = await database.backup('20260101T000000');
    finishRun(database, 'sent', 5, 'PASS', null);
    database.transaction(() => send(database, 'run:sent'));
    const failure = { phase: 'p', step: 's', message: 'cold', hint: null, details: {} };
    finishRun(database, 'unsent', 6, 'FAIL', { code: 'limit-exceeded', ...failure });
    database.close();

    expect(await restore(dir.path, backup)).toMatchObject({ runsLeftBehind: 0, messages: 2 });

    const after = openStationDatabase(dir.path);
    expect(outcomes(after)).toEqual([
      ['PASS', null],
      ['FAIL', 'limit-exceeded'],
      ['ERROR', 'interrupted'],
    ]);
    after.close();
    const station = await openStation(dir.path, { slots: [{ slot: 1, portPath: '/dev/null' }] });
    expect(station.recovery).toMatchObject({ interruptedRuns: [], resumable: [] });
    // A repeated event has the same content: the registry repeats its reply.
    const messages = station.database.outbox.listPending(9).map(({ key, payload }) => {
      const { outcome } = JSON.parse(payload) as { outcome: string };
      return [key, outcome];
    });
    expect(messages.sort()).toEqual([
      ['run:cut-off', 'ERROR'],
      ['run:sent', 'PASS'],
      ['run:unsent', 'FAIL'],
    ]);
    expect(station.database.findViolations()).toEqual([]);
    await station.close();
  });

  it('starts also when the old database can say nothing', async () => {
    using dir = tempDir('restored-runs');
    const database = openSampleStore(dir.path);
    database.transaction(() => beginRun(database, 'sent', 'SN'));
    const backup = await database.backup('20260101T000000');
    database.close();
    await restore(dir.path, backup);
    const after = openStationDatabase(dir.path);
    expect(after.runs.listUnfinished()).toEqual([]);
    expect(after.runs.findById('sent')).toMatchObject({ outcome: 'ERROR' });
    expect(after.findViolations()).toEqual([]);
    after.close();
  });
});
