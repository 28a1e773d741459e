import { describe, expect, it } from 'vitest';
import { createNodePlatform, createStation, type RestoreReport, restoreStation } from '#station';
import { finishRun } from '../../station/execution/executor/finish-run.ts';
import { addBatch, beginRun, openSampleStore } from '../station/support/sample-store.ts';
import { recipeText } from '../station/support/recipe-text.ts';
import { openStore, type Store } from '../../station/core/database/index.ts';
import { tempDir } from '../station/support/temp-dir.ts';

const restore = (dataDir: string, from: string): Promise<RestoreReport> =>
  restoreStation(createNodePlatform(dataDir), {
    from,
    reason: 'a page is torn',
    approver: 'Wang',
    by: { user: 'Chen', role: 'support' },
  });

function send(store: Store, key: string): void {
  const seqs = store.outbox.pending(99).flatMap((row) => (row.key === key ? [row.seq] : []));
  store.outbox.sent(seqs, 9);
}

const outcomes = (store: Store): unknown[] =>
  ['sent', 'unsent', 'cut-off'].map((runId) => {
    const run = store.runs.byId(runId);
    return [run?.outcome, run?.failure?.code ?? null];
  });

describe('a restore of a backup that was made while units were tested', () => {
  it('ends their runs as they ended, tells each once, and takes none of them up', async () => {
    using dir = tempDir('restored-runs');
    const store = openStore(dir.path);
    addBatch(store, recipeText());
    for (const runId of ['sent', 'unsent', 'cut-off'])
      store.transaction(() => beginRun(store, runId, `SN-${runId}`));
    const backup = await store.backup('20260101T000000');
    finishRun(store, 'sent', 5, 'PASS', null);
    store.transaction(() => send(store, 'run:sent'));
    const failure = { phase: 'p', step: 's', message: 'cold', hint: null, details: {} };
    finishRun(store, 'unsent', 6, 'FAIL', { code: 'limit-exceeded', ...failure });
    store.close();

    expect(await restore(dir.path, backup)).toMatchObject({ runsLeftBehind: 0, messages: 2 });

    const after = openStore(dir.path);
    expect(outcomes(after)).toEqual([
      ['PASS', null],
      ['FAIL', 'limit-exceeded'],
      ['ERROR', 'interrupted'],
    ]);
    after.close();
    const station = await createStation(createNodePlatform(dir.path), {
      slots: [{ slot: 1, portPath: '/dev/null' }],
      appVersion: '0',
      autoSync: false,
    });
    expect(station.recovery).toMatchObject({ interruptedRuns: [], resumable: [] });
    // What the registry has heard is said in the same words: it repeats its answer.
    const told = station.store.outbox.pending(9).map(({ key, payload }) => {
      const { outcome } = JSON.parse(payload) as { outcome: string };
      return [key, outcome];
    });
    expect(told.sort()).toEqual([
      ['run:cut-off', 'ERROR'],
      ['run:sent', 'PASS'],
      ['run:unsent', 'FAIL'],
    ]);
    expect(station.store.findViolations()).toEqual([]);
    await station.close();
  });

  it('starts also when the old database can say nothing', async () => {
    using dir = tempDir('restored-runs');
    const store = openSampleStore(dir.path);
    store.transaction(() => beginRun(store, 'sent', 'SN'));
    const backup = await store.backup('20260101T000000');
    store.close();
    await restore(dir.path, backup);
    const after = openStore(dir.path);
    expect(after.runs.unfinished()).toEqual([]);
    expect(after.runs.byId('sent')).toMatchObject({ outcome: 'ERROR' });
    expect(after.findViolations()).toEqual([]);
    after.close();
  });
});
