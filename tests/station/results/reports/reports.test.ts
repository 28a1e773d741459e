import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExportsState } from '#shared/contract/index.ts';
import { Reports, type ReportsOptions } from '../../../../station/results/reports/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { createNodePlatform } from '#station';
import { faultOf } from '../../../support/fault-of.ts';
import { type ManualClock, manualClock } from '../../../support/manual-clock.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { addRuns, addSampleBatch, manyRuns } from './sample-batch.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 8, 30, 5);

interface ReportsSetup extends AsyncDisposable {
  readonly reports: Reports;
  readonly database: WritableDatabase;
  readonly published: ExportsState[];
  readonly exportsDir: string;
  readonly clock: ManualClock;
}

function openReports(
  options: {
    station?: string;
    batch?: string;
    runs?: number;
    leftOver?: string;
    /** Exports of before: bytes and days ago. */
    old?: Readonly<Record<string, readonly [number, number]>>;
    limits?: ReportsOptions['limits'];
    clockRight?: boolean;
  } = {},
): ReportsSetup {
  const dir = tempDir('reports');
  const database = openStationDatabase(dir.path);
  addSampleBatch(database, 'B', options.batch ?? 'WO-17');
  addRuns(database, [...manyRuns(options.runs ?? 20)]);
  const exportsDir = join(dir.path, 'exports');
  if (options.leftOver !== undefined) {
    mkdirSync(exportsDir);
    for (const name of [options.leftOver, 'kept.csv']) writeFileSync(join(exportsDir, name), 'half');
  }
  for (const [name, [bytes, daysAgo]] of Object.entries(options.old ?? {})) {
    mkdirSync(exportsDir, { recursive: true });
    writeFileSync(join(exportsDir, name), Buffer.alloc(bytes));
    utimesSync(join(exportsDir, name), NOW_MS / 1000, NOW_MS / 1000 - daysAgo * 86_400);
  }
  const published: ExportsState[] = [];
  const clock = manualClock(NOW_MS);
  const reports = new Reports({
    platform: createNodePlatform(dir.path, { clock }),
    database,
    station: () => options.station ?? 'L3-07',
    recipeTitles: () => ({}),
    publish: (state) => published.push(state),
    limits: options.limits,
    removalGuard: { mayRemove: () => Promise.resolve(options.clockRight !== false) },
  });
  return {
    reports,
    clock,
    database,
    published,
    exportsDir,
    async [Symbol.asyncDispose]() {
      await reports.close();
      database.close();
      dir[Symbol.dispose]();
    },
  };
}

describe('exports of a station', () => {
  it('are named with station, batch and time, found by id, and never overwrite each other', async () => {
    await using setup = openReports();
    const [one, two, three] = [
      await setup.reports.export('B', 'csv', undefined, NEVER_ABORTED),
      await setup.reports.export('B', 'csv', undefined, NEVER_ABORTED),
      await setup.reports.export('B', 'jsonl', undefined, NEVER_ABORTED),
    ];
    expect([one, two, three].map(({ name }) => name)).toEqual([
      'L3-07_WO-17_20261121T083005Z.csv',
      'L3-07_WO-17_20261121T083005Z-2.csv',
      'L3-07_WO-17_20261121T083005Z.jsonl',
    ]);
    expect(readdirSync(setup.exportsDir).sort()).toEqual(
      [one, two, three].flatMap(({ name }) => [name, `${name}.manifest.json`]).sort(),
    );
    expect(setup.reports.file(one.fileId)).toEqual({
      path: join(setup.exportsDir, one.name),
      name: one.name,
      type: 'text/csv; charset=utf-8',
    });
    expect(setup.reports.file(three.fileId)?.type).toBe('application/jsonl; charset=utf-8');
    expect(one).toMatchObject({ runs: 20, fileId: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    expect(setup.reports.file('0'.repeat(32))).toBeNull();
    const manifest = setup.reports.file(one.manifestId);
    expect(manifest?.name).toBe(`${one.name}.manifest.json`);
    const { sha256, about } = JSON.parse(readFileSync(manifest?.path ?? '', 'utf8')) as Record<
      string,
      unknown
    >;
    expect(sha256).toBe(one.sha256);
    expect(about).toMatchObject({ kind: 'batch', batchName: 'WO-17' });
  });

  it('at one moment each get a file', async () => {
    await using setup = openReports();
    const made = await Promise.all(
      [1, 2, 3].map(() => setup.reports.export('B', 'csv', undefined, NEVER_ABORTED)),
    );
    expect(new Set(made.map(({ name }) => name)).size).toBe(3);
    expect(setup.published.at(0)?.running).toHaveLength(1);
    expect(setup.published.at(2)?.running).toHaveLength(3);
    expect(setup.published.at(-1)).toEqual({ running: [] });
  });

  it.each([
    ['一号线 3', 'WO/2026:11*21 "金机"', '一号线-3_WO-2026-11-21-金机_20261121T083005Z.csv'],
    ['../../etc', '..', 'etc_unnamed_20261121T083005Z.csv'],
    ['-rf', 'a\u0000b\n', 'rf_a-b_20261121T083005Z.csv'],
  ])(
    'of the station "%s" and the batch "%s" have a name for any file system',
    async (station, batch, name) => {
      await using setup = openReports({ station, batch });
      expect((await setup.reports.export('B', 'csv', undefined, NEVER_ABORTED)).name).toBe(name);
      expect(readdirSync(setup.exportsDir)).toEqual([name, `${name}.manifest.json`]);
    },
  );

  it('of long names have one that a file system takes', async () => {
    await using setup = openReports({ station: '工'.repeat(64), batch: '批'.repeat(64) });
    const { name } = await setup.reports.export('B', 'csv', undefined, NEVER_ABORTED);
    expect(Buffer.byteLength(name)).toBeLessThan(230);
    expect(name).toMatch(/^工{28}_批{28}_20261121T083005Z\.csv$/);
  });

  it('of a batch that is not there are refused before anything is written', async () => {
    await using setup = openReports();
    expect((await faultOf(() => setup.reports.export('X', 'csv', undefined, NEVER_ABORTED))).code).toBe(
      'batch-missing',
    );
    expect(existsSync(setup.exportsDir)).toBe(false);
    expect(setup.published).toEqual([]);
  });

  it('that are cancelled, or whose station is closed, leave nothing behind', async () => {
    await using setup = openReports({ runs: 2000 });
    const abort = new AbortController();
    const cancelled = faultOf(() => setup.reports.export('B', 'csv', undefined, abort.signal));
    const closed = faultOf(() => setup.reports.export('B', 'jsonl', undefined, NEVER_ABORTED));
    abort.abort();
    expect((await cancelled).code).toBe('cancelled');
    await setup.reports.close();
    expect((await closed).code).toBe('cancelled');
    expect(readdirSync(setup.exportsDir)).toEqual([]);
    expect(setup.published.at(-1)).toEqual({ running: [] });
  });

  it('that a killed station left half written are swept away at the next start', async () => {
    for (const ending of ['4711.part', 'manifest.json', 'manifest.json.4711.part']) {
      await using setup = openReports({ leftOver: `L3-07_WO-17_20261120T083005Z.csv.${ending}` });
      expect(readdirSync(setup.exportsDir)).toEqual(['kept.csv']);
    }
  });

  it('cannot be written where the data directory does not allow it, and say so', async () => {
    await using setup = openReports();
    writeFileSync(setup.exportsDir, 'in the way');
    expect((await faultOf(() => setup.reports.export('B', 'csv', undefined, NEVER_ABORTED))).code).toBe(
      'file-denied',
    );
    expect(setup.published.at(-1)).toEqual({ running: [] });
  });

  it('go on while the line records', async () => {
    await using setup = openReports({ runs: 500 });
    const exporting = setup.reports.export('B', 'csv', undefined, NEVER_ABORTED);
    for (let n = 0; n < 20; n += 1) {
      addRuns(setup.database, [...manyRuns(1, 1000 + n)]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await exporting).runs).toBe(500);
    expect(setup.database.reportRuns.getExtent('B').runs).toBe(520);
  });
});

describe('exports of before', () => {
  const named = (n: number): string => `L3-07_WO-${n}_20260101T083005Z.csv`;
  const DAY_MS = 86_400_000;

  it('go when they are old, and what is not one of them stays', async () => {
    await using setup = openReports({
      old: {
        [named(1)]: [10, 91],
        [named(2)]: [10, 89],
        'ours.xlsx': [10, 900],
        'L3_20260101.csv': [10, 900],
      },
    });
    await setup.reports.close();
    expect(readdirSync(setup.exportsDir).sort()).toEqual([named(2), 'L3_20260101.csv', 'ours.xlsx'].sort());
  });

  it('stay, however old, while the clock is not believed', async () => {
    await using setup = openReports({ clockRight: false, old: { [named(1)]: [10, 900] } });
    await setup.reports.close();
    expect(readdirSync(setup.exportsDir)).toEqual([named(1)]);
  });

  it('go oldest first while they are too many, but for those of the last day', async () => {
    const limits = { maxAgeDays: 90, maxBytes: 250, keepDays: 1 };
    await using setup = openReports({
      old: { [named(1)]: [100, 20], [named(2)]: [100, 10], [named(3)]: [100, 3], [named(4)]: [100, 0.5] },
      limits,
    });
    await setup.reports.close();
    expect(readdirSync(setup.exportsDir).sort()).toEqual([named(3), named(4)]);
  });

  it('go when a new one is made; never one that somebody was just given', async () => {
    await using setup = openReports({ limits: { maxAgeDays: 90, maxBytes: 1, keepDays: 1 } });
    const [fetched, left] = [
      await setup.reports.export('B', 'csv', undefined, NEVER_ABORTED),
      await setup.reports.export('B', 'jsonl', undefined, NEVER_ABORTED),
    ];
    for (const { name } of [fetched, left]) utimesSync(join(setup.exportsDir, name), 1, NOW_MS / 1000);
    await setup.clock.pass(2 * DAY_MS);
    expect(setup.reports.file(fetched.fileId)).not.toBeNull();
    const latest = await setup.reports.export('B', 'csv', undefined, NEVER_ABORTED);
    await setup.reports.close();
    expect(readdirSync(setup.exportsDir).sort()).toEqual(
      [fetched, latest].flatMap(({ name }) => [name, `${name}.manifest.json`]).sort(),
    );
  });
});
