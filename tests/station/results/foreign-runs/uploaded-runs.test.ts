import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportsState } from '../../../../shared/contract/index.ts';
import { UploadStore } from '../../../../station/core/uploads/index.ts';
import { foreignRunHandlers } from '../../../../station/results/foreign-runs/index.ts';
import { encodeOpenHtf } from '../../../../station/results/documents/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { runDocument } from '../documents/sample-documents.ts';
import { CHEN, TwoStations } from './two-stations.ts';

describe('runs that pages import', () => {
  let two: TwoStations;
  let uploads: UploadStore;
  let states: ImportsState[];
  let handlers: ReturnType<typeof foreignRunHandlers>;
  beforeEach(() => {
    two = new TwoStations();
    let ids = 0;
    uploads = new UploadStore(two.path('home'), () => `file-${(ids += 1)}`);
    states = [];
    handlers = foreignRunHandlers({
      database: two.home,
      platform: { clock: manualClock() } as never,
      foreignRuns: two.imports,
      uploads,
      publishRunImports: (state) => states.push(state),
    });
  });
  afterEach(async () => {
    await uploads.close();
    await two[Symbol.asyncDispose]();
  });

  const context = { by: CHEN, signal: NEVER_ABORTED } as never;
  const upload = async (name: string, text: string): Promise<string> => {
    const bytes = Buffer.from(text);
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bytes;
    }
    return (await uploads.receive(name, bytes.length, source(), CHEN.user, NEVER_ABORTED)).fileId;
  };
  const records = (count: number): string =>
    Array.from({ length: count }, (_, n) =>
      encodeOpenHtf(runDocument({ runId: `r${n}`, serialNumber: `SN${n}`, startedAtMs: 1000 + n })),
    ).join('');

  it('are seen before they are imported, listed by pages, and their file is gone then', async () => {
    const fileId = await upload('r.json', records(5));
    const preview = await handlers['foreignRuns.preview']({ fileId }, context);
    expect(preview).toMatchObject({
      fileName: 'r.json',
      kind: 'openhtf',
      header: null,
      problem: null,
      rows: 5,
      good: 5,
      doubles: 0,
      rejected: 0,
    });
    expect(preview.examples[0]).toEqual({
      serialNumber: 'SN0',
      outcome: 'FAIL',
      startedAtMs: 1000,
      station: 'L3-07',
    });
    expect(await handlers['foreignRuns.import']({ fileId }, context)).toMatchObject({
      added: 5,
      rows: 5,
      rejected: 0,
    });
    expect(states[0]).toEqual({ running: [{ fileId, kind: 'preview', rows: 0 }] });
    expect(states.at(-1)).toEqual({ running: [] });
    expect((await faultOf(() => handlers['foreignRuns.preview']({ fileId }, context))).code).toBe(
      'not-found',
    );

    const search = async (filter: object, cursor: string | null = null) =>
      handlers['foreignRuns.search']({ filter, cursor, limit: 2 }, context);
    const first = await search({});
    expect([first.runs.map(({ runId }) => runId), first.count]).toEqual([
      ['r4', 'r3'],
      { runs: 5, more: false },
    ]);
    const second = await search({}, first.older);
    const third = await search({}, second.older);
    expect([second.runs[0]?.runId, third.runs.map(({ runId }) => runId), third.older]).toEqual([
      'r2',
      ['r0'],
      null,
    ]);
    expect((await search({ text: 'n3' })).runs.map(({ runId }) => runId)).toEqual(['r3']);
    expect((await search({ outcomes: ['PASS'] })).count.runs).toBe(0);
    expect((await faultOf(() => search({}, 'x'))).code).toBe('bad-input');
    const { sources } = await handlers['foreignRuns.sources']({}, context);
    expect(sources).toMatchObject([{ kind: 'openhtf', name: 'r.json', runs: 5, importedBy: 'Chen' }]);
    const details = await handlers['foreignRuns.get']({ runId: 'r3' }, context);
    expect([details.run.serialNumber, details.recipe.name, details.steps.length]).toEqual([
      'SN3',
      'module',
      7,
    ]);
    expect((await faultOf(() => handlers['foreignRuns.get']({ runId: 'x' }, context))).code).toBe(
      'not-found',
    );
  });

  it('ask for columns that are not recognised, and are read again by a map', async () => {
    const fileId = await upload('r.csv', 'A,B,C\nSN1,OK,2026-01-01 08:00\nSN2,OK,soon\n');
    const unknown = await handlers['foreignRuns.preview']({ fileId }, context);
    expect(unknown).toMatchObject({
      kind: 'csv',
      header: ['A', 'B', 'C'],
      rows: 0,
      problem: { code: 'csv-invalid' },
    });
    const order = { fileId, map: { serial: '#1', outcome: '#2', started: '#3' }, zone: 'Asia/Shanghai' };
    const known = await handlers['foreignRuns.preview'](order, context);
    expect(known).toMatchObject({ problem: null, rows: 2, good: 1, rejected: 1 });
    expect(known.rejectedRows).toEqual([{ line: 3, reason: 'started is no time of the given form: soon' }]);
    expect(await handlers['foreignRuns.import'](order, context)).toMatchObject({ added: 0, rejected: 1 });
    expect(await handlers['foreignRuns.import']({ ...order, skipBad: true }, context)).toMatchObject({
      added: 1,
    });
    expect(two.stored()).toMatchObject([{ serialNumber: 'SN1', startedAtMs: Date.UTC(2026, 0, 1) }]);
  });

  it('are of the user who uploaded them', async () => {
    const fileId = await upload('r.json', records(1));
    writeFileSync(two.path('x'), '');
    const other = { by: { user: 'Li', role: 'engineer' }, signal: NEVER_ABORTED } as never;
    expect((await faultOf(() => handlers['foreignRuns.import']({ fileId }, other))).code).toBe('not-found');
    handlers['foreignRuns.discard']({ fileId }, context);
    expect((await faultOf(() => handlers['foreignRuns.import']({ fileId }, context))).code).toBe('not-found');
  });
});
