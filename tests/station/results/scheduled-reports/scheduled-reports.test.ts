import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { ReportOccasion } from '#shared/contract/index.ts';
import { createNodePlatform } from '#station';
import { createAuditTrail } from '../../../../station/core/audit-log/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { createRegistryClient, type RegistryClient } from '../../../../station/registry-sync/client/index.ts';
import { exportName } from '../../../../station/results/reports/index.ts';
import { ScheduledReports } from '../../../../station/results/scheduled-reports/index.ts';
import { TestRegistry } from '../../../kit/registry.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { type ManualClock, manualClock } from '../../../support/manual-clock.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { textOf } from '../reports/pdf/poppler.ts';
import { addRuns, addSampleBatch, type SampleRun } from '../reports/sample-batch.ts';

const BY = { user: 'Wang', role: 'engineer' } as const;
const HOUR_MS = 3_600_000;
const NOW_MS = new Date('2026-12-01T09:00').getTime();

describe('scheduled reports', () => {
  let dir: ReturnType<typeof tempDir>;
  let database: WritableDatabase;
  let clock: ManualClock;
  let isClockTrusted: boolean;
  let registry: Pick<RegistryClient, 'sendReport'> | null;
  let reports: ScheduledReports;
  const out = (name = ''): string => join(dir.path, 'out', name);
  const files = (): string[] =>
    (existsSync(out()) ? readdirSync(out()) : []).filter((name) => name.endsWith('.csv')).sort();
  const open = (): ScheduledReports =>
    new ScheduledReports({
      platform: createNodePlatform(join(dir.path, 'data'), { clock }),
      database,
      audit: createAuditTrail(database, clock),
      station: () => 'L3-07',
      registry: () => registry,
      config: { appVersion: '1.2.3' },
      recipeTitles: () => ({ 'main/read': { en: 'Read the unit', 'zh-CN': '读取产品' } }),
      clockTrust: {
        get doubt() {
          return isClockTrusted ? null : {};
        },
      },
    });

  beforeEach(() => {
    dir = tempDir('scheduled');
    database = openStationDatabase(join(dir.path, 'data'));
    addSampleBatch(database);
    clock = manualClock(NOW_MS);
    isClockTrusted = true;
    registry = null;
    reports = open();
  });
  afterEach(async () => {
    await reports[Symbol.asyncDispose]();
    database.close();
    dir[Symbol.dispose]();
  });

  const add = (occasion: ReportOccasion) => reports.add({ occasion, format: 'csv', folder: out() }, BY);
  async function check(): Promise<void> {
    reports.batchesChanged();
    await reports.whenIdle();
  }
  const runs = (count: number, startedAtMs: number, prefix = 'r'): SampleRun[] =>
    Array.from({ length: count }, (_, index) => ({
      runId: `${prefix}${index}`,
      startedAtMs: startedAtMs + index,
    }));

  it('of a batch are written once, when it is complete', async () => {
    await add({ at: 'batch-complete' });
    addRuns(database, runs(8, NOW_MS));
    await check();
    expect(files()).toEqual([]);
    addRuns(database, runs(1, NOW_MS + 100, 'last'));
    database.batchProgress.addFinishedRun('last0');
    await clock.pass(1000);
    await check();
    const [name = ''] = files();
    expect(name).toMatch(/^L3-07_WO-17_\d{8}T\d{6}Z\.csv$/);
    expect(readFileSync(out(name), 'utf8').trimEnd().split('\r\n')).toHaveLength(10);
    rmSync(out(name));
    addRuns(database, runs(1, NOW_MS + 200, 'more'));
    await clock.pass(HOUR_MS);
    await check();
    expect(files()).toEqual([]);
    expect(reports.state().reports).toMatchObject([
      { subject: 'batch:B', state: 'written', runs: 9, attempts: 1, fault: null, batchName: 'WO-17' },
    ]);
  });

  it('of a batch are written when it is closed, and not of one that was closed before', async () => {
    addSampleBatch2('old');
    database.transaction(() => database.batches.close('old', NOW_MS - 1, 'Wang'));
    await add({ at: 'batch-closed' });
    addRuns(database, runs(2, NOW_MS));
    await check();
    expect(files()).toEqual([]);
    database.transaction(() => database.batches.close('B', NOW_MS + 5, 'Wang'));
    await check();
    expect(files()).toHaveLength(1);
  });

  it('of a batch as PDF are in their language and have the titles of the recipe', async () => {
    const form = { format: 'pdf', pdf: { language: 'en' }, folder: out() } as const;
    await reports.add({ occasion: { at: 'batch-closed' }, ...form }, BY);
    addRuns(database, [{ runId: 'f', startedAtMs: NOW_MS, outcome: 'FAIL' }]);
    database.transaction(() => database.batches.close('B', NOW_MS + 5, 'Wang'));
    await check();
    expect(reports.state().reports).toMatchObject([{ state: 'written', fault: null }]);
    const [name = ''] = readdirSync(out()).filter((one) => one.endsWith('.pdf'));
    expect(textOf(out(name))).toContain('main › Read the unit (read)');
  });

  it('of a shift have the runs that started in it, and wait for those that have not ended', async () => {
    await add({ at: 'shift-end', times: ['08:00', '20:00'] });
    const end = new Date('2026-12-01T20:00').getTime();
    addRuns(database, [
      ...runs(2, NOW_MS, 'in'),
      { runId: 'open', startedAtMs: end - 1, outcome: null },
      { runId: 'next', startedAtMs: end },
    ]);
    await clock.pass(end - NOW_MS);
    await check();
    expect(files()).toEqual([]);
    database.transaction(() => database.runs.finish('open', end + 1000, 'PASS', null));
    await check();
    const [name = ''] = files();
    const text = readFileSync(out(name), 'utf8');
    expect(['in0', 'in1', 'open', 'next'].map((runId) => text.includes(runId))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    await check();
    expect(files()).toHaveLength(1);
    await clock.pass(12 * HOUR_MS);
    await check();
    expect(files()).toHaveLength(2);
  });

  it('of a shift do not wait for ever, and none is written for a shift without runs', async () => {
    await add({ at: 'shift-end', times: ['20:00'] });
    const end = new Date('2026-12-01T20:00').getTime();
    addRuns(database, [{ runId: 'open', startedAtMs: end - 1, outcome: null }]);
    await clock.pass(end + HOUR_MS - NOW_MS);
    await check();
    expect(files()).toHaveLength(1);
    await clock.pass(48 * HOUR_MS);
    await check();
    expect(files()).toHaveLength(1);
  });

  it('of two schedules at one time are two files, in one folder, too', async () => {
    await add({ at: 'batch-closed' });
    const csv = { delimiter: ';', decimal: ',', bom: true } as const;
    await reports.add({ occasion: { at: 'batch-closed' }, format: 'csv', csv, folder: out() }, BY);
    addRuns(database, runs(2, NOW_MS));
    database.transaction(() => database.batches.close('B', NOW_MS + 5, 'Wang'));
    await check();
    expect(files()).toHaveLength(2);
    expect(
      files()
        .map((name) => readFileSync(out(name), 'utf8').slice(0, 5))
        .sort(),
    ).toEqual(['\uFEFFrun,', '\uFEFFrun;'].map((text) => text.slice(0, 5)));
    expect(readdirSync(out())).toHaveLength(4);
    expect(new Set(reports.state().reports.map(({ file }) => file)).size).toBe(2);
  });

  it('of a long shift is written although a short one with the same end had no runs', async () => {
    await add({ at: 'shift-end', times: ['16:00', '20:00'] });
    await add({ at: 'shift-end', times: ['20:00'] });
    const end = new Date('2026-12-01T20:00').getTime();
    addRuns(database, runs(2, NOW_MS));
    await clock.pass(end - NOW_MS);
    await check();
    // Of the shifts that end at 16:00 and of the long one; the short one from 16:00 to 20:00 has no runs.
    expect(reports.state().reports.map(({ dueAtMs }) => dueAtMs)).toEqual([end, end - 4 * HOUR_MS]);
    expect(files()).toHaveLength(2);
  });

  it('of a shift wait while the clock of the computer is not trusted', async () => {
    await add({ at: 'shift-end', times: ['20:00'] });
    addRuns(database, runs(1, NOW_MS));
    await clock.pass(24 * HOUR_MS);
    isClockTrusted = false;
    await check();
    expect(files()).toEqual([]);
    isClockTrusted = true;
    await check();
    expect(files()).toHaveLength(1);
  });

  it('stay due when the folder is gone, say why, and are written by the next station', async () => {
    await add({ at: 'batch-complete' });
    rmSync(out(), { recursive: true });
    writeFileSync(join(dir.path, 'out'), 'a file where the folder was');
    addRuns(database, runs(9, NOW_MS));
    await check();
    const [due] = reports.state().reports;
    expect(due).toMatchObject({ state: 'due', attempts: 1, file: null });
    expect(due?.fault?.message).toContain('out');
    await reports[Symbol.asyncDispose]();
    rmSync(join(dir.path, 'out'));
    mkdirSync(out());
    reports = open();
    await check();
    const name = `${exportName('L3-07', 'WO-17', due?.dueAtMs ?? 0)}.csv`;
    expect(readdirSync(out()).sort()).toEqual([name, `${name}.manifest.json`]);
    expect(reports.state().reports).toMatchObject([{ state: 'written', attempts: 2, fault: null }]);
  });

  it('are for other users, and replace what a killed station left of them', async () => {
    const [schedule] = (await add({ at: 'batch-complete' })).schedules;
    chmodSync(out(), 0o755);
    const name = `L3-07_WO-17_${new Date(NOW_MS).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z.csv`;
    const draft = sha256Hex(Buffer.from(`${schedule?.scheduleId ?? ''} batch:B`)).slice(0, 16);
    const whole = [name, `${name}.manifest.json`];
    for (const left of whole) writeFileSync(out(`${left}.${draft}.part`), 'cut');
    addRuns(database, runs(9, NOW_MS));
    const before = process.umask(0o077);
    try {
      await check();
    } finally {
      process.umask(before);
    }
    expect(readdirSync(out()).sort()).toEqual(whole);
    if (process.platform !== 'win32')
      for (const one of whole) expect(statSync(out(one)).mode & 0o777).toBe(0o644);
  });

  it('are not hidden in a folder that is made while its share is not connected', async () => {
    await add({ at: 'batch-complete' });
    rmSync(out(), { recursive: true });
    addRuns(database, runs(9, NOW_MS));
    await check();
    expect(existsSync(out())).toBe(false);
    expect(reports.state().reports).toMatchObject([
      {
        state: 'due',
        fault: { code: 'file-missing', message: `the folder ${join(dir.path, 'out')} does not exist` },
      },
    ]);
  });

  it('are tried again later each time, or at once by a person, or given up', async () => {
    const [schedule] = (await add({ at: 'batch-complete' })).schedules;
    const scheduleId = schedule?.scheduleId ?? '';
    rmSync(out(), { recursive: true });
    writeFileSync(join(dir.path, 'out'), '');
    addRuns(database, runs(9, NOW_MS));
    await check();
    await check();
    expect(reports.state().reports[0]?.attempts).toBe(1);
    await clock.pass(61_000);
    await check();
    expect(reports.state().reports[0]?.attempts).toBe(2);
    expect((await reports.retry(scheduleId, 'batch:B')).reports[0]?.attempts).toBe(3);
    expect(reports.skip(scheduleId, 'batch:B', BY).reports[0]?.state).toBe('skipped');
    expect((await faultOf(() => reports.retry(scheduleId, 'batch:B'))).code).toBe('not-found');
    rmSync(join(dir.path, 'out'));
    await check();
    expect(files()).toEqual([]);
  });

  it('are refused with a reason: a folder of the station, a relative one, one in a file', async () => {
    const refused = async (folder: string) =>
      (
        await faultOf(() =>
          reports.add({ occasion: { at: 'shift-end', times: ['08:00'] }, format: 'csv', folder }, BY),
        )
      ).code;
    expect(await refused('reports')).toBe('bad-input');
    expect(await refused(join(dir.path, 'data', 'x'))).toBe('bad-input');
    expect(await refused(join(dir.path, 'data'))).toBe('bad-input');
    symlinkSync(join(dir.path, 'data'), join(dir.path, 'link'));
    expect(await refused(join(dir.path, 'link'))).toBe('bad-input');
    writeFileSync(join(dir.path, 'file'), '');
    expect(await refused(join(dir.path, 'file', 'x'))).toBe('file-missing');
    expect(reports.state().schedules).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('are refused where the station may not write', async () => {
    mkdirSync(out());
    chmodSync(out(), 0o500);
    expect((await faultOf(() => add({ at: 'batch-closed' }))).code).toBe('file-denied');
  });

  describe('for the registry', () => {
    const send = () => reports.add({ occasion: { at: 'batch-complete' }, format: 'csv', folder: null }, BY);
    async function clientOf(service: TestRegistry): Promise<RegistryClient> {
      const token = service.store.addStation('L3-07', []);
      return createRegistryClient({ baseUrl: service.service.http, token, station: 'L3-07' });
    }

    it('are refused while there is none', async () => {
      expect((await faultOf(send)).code).toBe('not-configured');
    });

    it('are sent with their manifest, once, and nothing stays at the station', async () => {
      await using service = await TestRegistry.start(dir.path);
      registry = await clientOf(service);
      await send();
      addRuns(database, runs(9, NOW_MS));
      await check();
      const sent = service.store.reports('L3-07', 10);
      const name = `L3-07_WO-17_${new Date(NOW_MS).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z.csv`;
      expect(sent.map((one) => one.name).sort()).toEqual([name, `${name}.manifest.json`]);
      const report = sent.find((one) => one.name === name);
      const { path } = service.store.reportFile(report?.reportId ?? '') ?? { path: '' };
      expect(readFileSync(path, 'utf8').trimEnd().split('\r\n')).toHaveLength(10);
      const unsent = join(dir.path, 'data', 'scheduled-reports');
      expect(readdirSync(unsent)).toEqual([]);
      // What was made of a report that a person gave up.
      mkdirSync(join(unsent, 'given-up'));
      reports.start();
      expect(readdirSync(unsent)).toEqual([]);
      expect(reports.state().reports).toMatchObject([{ state: 'written', file: name, runs: 9 }]);
    });

    it('are the same after a lost reply, whatever was recorded since', async () => {
      await using service = await TestRegistry.start(dir.path);
      const client = await clientOf(service);
      registry = {
        async sendReport(report, signal) {
          await client.sendReport(report, signal);
          throw new Fault('registry-unreachable', 'the reply was lost');
        },
      };
      await send();
      addRuns(database, runs(9, NOW_MS));
      await check();
      expect(reports.state().reports).toMatchObject([{ state: 'due', attempts: 1 }]);
      await reports[Symbol.asyncDispose]();
      addRuns(database, runs(1, NOW_MS + 100, 'later'));
      registry = client;
      reports = open();
      await check();
      expect(reports.state().reports).toMatchObject([{ state: 'written', attempts: 2, runs: 9 }]);
      expect(service.store.reports(null, 10)).toHaveLength(2);
    });

    it('of two schedules are both sent as they are, after a lost connection, too', async () => {
      await using service = await TestRegistry.start(dir.path);
      registry = {
        sendReport: () => Promise.reject(new Fault('registry-unreachable', 'the registry is away')),
      };
      await send();
      const csv = { delimiter: ';', decimal: ',', bom: true } as const;
      await reports.add({ occasion: { at: 'batch-complete' }, format: 'csv', csv, folder: null }, BY);
      addRuns(database, runs(9, NOW_MS));
      await check();
      registry = await clientOf(service);
      await clock.pass(HOUR_MS);
      await check();
      expect(reports.state().reports.map(({ state }) => state)).toEqual(['written', 'written']);
      const sent = service.store.reports('L3-07', 10).filter(({ name }) => name.endsWith('.csv'));
      expect(new Set(sent.map(({ sha256 }) => sha256)).size).toBe(2);
    });
  });

  it('end with their schedule', async () => {
    const { schedules } = await add({ at: 'batch-complete' });
    reports.remove(schedules[0]?.scheduleId ?? '', BY);
    addRuns(database, runs(9, NOW_MS));
    await check();
    expect(files()).toEqual([]);
    expect((await faultOf(async () => reports.remove('x', BY))).code).toBe('not-found');
  });

  function addSampleBatch2(batchId: string): void {
    database.transaction(
      () =>
      database.batches.add({ batchId, name: batchId, productId: 'P', quantity: 9, createdAtMs: 1, recipeHash: 'h' }), // prettier-ignore
    );
  }
});
