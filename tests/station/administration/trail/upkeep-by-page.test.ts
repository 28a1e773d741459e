import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract, type DoctorCheck, type StationContract } from '#shared/contract/index.ts';
import {
  type CallOutput,
  type Client,
  connect,
  createInMemoryTransports,
  Session,
} from '#shared/rpc/index.ts';
import { databaseFile } from '../../../../station/core/database/index.ts';
import { writeFacts } from '../../../../station/results/figures/index.ts';
import { startStation, TEST_PIN, type TestStation } from '../../../kit/station.ts';
import { addRuns, addSampleBatch } from '../../results/reports/sample-batch.ts';

const DAY_MS = 86_400_000;

describe('the upkeep of a station, by page', () => {
  let setup: TestStation;
  let engineer: Client<StationContract>;
  const me = { role: 'engineer', user: '陈静' } as const;

  beforeAll(async () => {
    setup = await startStation({ users: { 陈静: 'engineer', 李伟: 'support' } });
    const [here, there] = createInMemoryTransports();
    setup.station.serve(there, new Session(me));
    engineer = connect(contract, here);
  });
  afterAll(() => setup[Symbol.asyncDispose]());

  test('shows the audit trail by page, filtered, and gives it as a file with its hashes to engineers only', async () => {
    const { station } = setup;
    for (let slot = 1; slot <= 7; slot += 1) station.slotSettings.assign(slot, `usb:1-1.${slot}`, me);
    station.slotSettings.setStartMode('arrival', { role: 'support', user: '李伟' });
    const mine = { actor: '陈静', kind: 'settings', limit: 3 } as const;
    const subjects: string[] = [];
    let before: number | null = null;
    do {
      const page: CallOutput<StationContract, 'trail.list'> = await engineer.call('trail.list', {
        ...mine,
        before,
      });
      subjects.push(...page.entries.map(({ subject }) => subject));
      before = page.before;
    } while (before !== null);
    expect(subjects).toEqual(['7', '6', '5', '4', '3', '2', '1']);
    const filters = await engineer.call('trail.filters', {});
    expect(filters.actors).toEqual(expect.arrayContaining(['李伟', '陈静']));
    expect(filters.kinds).toContain('settings');
    const future = await engineer.call('trail.list', { fromMs: Date.now() + DAY_MS });
    expect(future).toEqual({ entries: [], before: null });

    const file = await engineer.call('trail.export', { actor: '陈静' });
    expect(file.count).toBe(7);
    expect(station.file(file.fileId, { role: 'support', user: '李伟' })).toBe(null);
    const csv = readFileSync(station.file(file.fileId, me)?.path ?? '', 'utf8');
    expect(csv.trim().split('\r\n')).toHaveLength(8);
    const [last] = (await engineer.call('trail.list', mine)).entries;
    expect(csv).toContain(station.database.audit.findBySeq(last?.seq ?? 0)?.hash);

    // Two of one second are two files.
    const both = await Promise.all([
      engineer.call('trail.export', { actor: '陈静' }),
      engineer.call('trail.export', { actor: '李伟' }),
    ]);
    const texts = both.map(({ fileId }) => readFileSync(station.file(fileId, me)?.path ?? '', 'utf8'));
    expect(texts.map((text) => text.trim().split('\r\n').length - 1)).toEqual(both.map(({ count }) => count));
    expect(both[0]?.count).not.toBe(both[1]?.count);
  });

  test('measures the disk by kind and removes exactly the recordings beyond their limits', async () => {
    const { dataDir, station } = setup;
    const dir = join(dataDir, 'recordings');
    mkdirSync(dir, { recursive: true });
    for (const [name, days] of [
      ['01920000-0000-7000-8000-000000000001', 400],
      ['01920000-0000-7000-8000-000000000002', 2],
    ] as const) {
      const path = join(dir, `${name}.jsonl.gz`);
      writeFileSync(path, 'x'.repeat(1000));
      const at = (Date.now() - days * DAY_MS) / 1000;
      utimesSync(path, at, at);
    }
    const usage = await engineer.call('storage.usage', {});
    expect(usage.kinds.find(({ kind }) => kind === 'recordings')).toMatchObject({ files: 2, bytes: 2000 });
    expect(usage.kinds.find(({ kind }) => kind === 'database')?.bytes).toBeGreaterThan(0);
    expect(usage.expired).toEqual({ files: 1, bytes: 1000 });
    expect(usage.clock.doubt).toBe(null);
    const tidied = await engineer.call('storage.tidy', {});
    expect(tidied).toMatchObject({ removed: 1, bytes: 1000, usage: { expired: { files: 0 } } });
    const approval = { approver: '李伟', approverPin: TEST_PIN };
    await engineer.call('storage.confirmClock', { reason: 'new battery', ...approval });
    expect(station.database.audit.findLast()).toMatchObject({ action: 'clock.vouch', actor: '陈静' });
  });

  test('examines the running station, with every record only when asked', async () => {
    const names = async (thorough: boolean): Promise<string[]> =>
      (await engineer.call('doctor.examine', { thorough })).checks.map(({ name }) => name);
    const quick = await names(false);
    expect(quick).toEqual(
      expect.arrayContaining(['data', 'disk', 'database', 'backup', 'outbox', 'ports', 'ble']),
    );
    expect(quick).not.toContain('records');
    const thorough = await names(true);
    expect(thorough).toEqual(expect.arrayContaining(['records', 'figures', 'audit', 'identity']));
    // The station still owns its data.
    await engineer.call('settings.change', { startMode: 'scan' });
  });

  test('finds kept figures that were changed by hand, and makes them anew beside its work', async () => {
    const { dataDir, station } = setup;
    addSampleBatch(station.database);
    addRuns(
      station.database,
      Array.from({ length: 60 }, (_, n) => ({ runId: `figure-${n}`, startedAtMs: 1000 * n })),
    );
    while (station.database.runFacts.getProgress() < 60) writeFacts(station.database);
    const figures = async (): Promise<DoctorCheck | undefined> =>
      (await engineer.call('doctor.examine', { thorough: true })).checks.find(
        ({ name }) => name === 'figures',
      );
    expect(await figures()).toMatchObject({ level: 'ok' });
    const db = new Database(databaseFile(dataDir));
    db.exec('UPDATE batch_fact SET passed = 3');
    db.close();
    expect(await figures()).toMatchObject({
      level: 'fail',
      message: '1 row of the kept figures is not what the records give, the first in batch_fact of batch B',
    });
    await engineer.call('doctor.remakeFigures', {});
    await station.yields.whenWritten();
    expect(await figures()).toMatchObject({
      level: 'ok',
      message: expect.stringContaining('60 runs') as string,
    });
    expect(station.database.runFacts.findBatch(1)).toMatchObject({ runs: 60, passed: 60 });
    expect(
      [...station.database.audit.iterate()].filter(({ action }) => action === 'figures.remake'),
    ).toMatchObject([{ actor: '陈静', role: 'engineer' }]);
  });
});
