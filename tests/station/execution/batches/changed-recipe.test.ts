import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STATION_ITSELF, parseRecipe, recordedRecipe, type Station } from '#station';
import { databaseFile } from '../../../../station/core/database/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { openStation } from '../../../kit/station.ts';

const SCRIPT = 'export default async ({ measure }) => measure("n", 1);\n';
const withScript = moduleRecipe({
  steps: `  - name: test
    steps: [{ verb: script, file: own.ts }]
`,
});
const plain = moduleRecipe();

/** A recipe is edited in the database, by whoever has the file. */
describe('a recipe that is not what its batch was made with', () => {
  let dir: ReturnType<typeof tempDir>;
  let data: string;
  let station: Station | null;
  beforeEach(() => {
    dir = tempDir('changed-recipe');
    data = join(dir.path, 'station');
    station = null;
  });
  afterEach(async () => {
    await station?.close();
    dir[Symbol.dispose]();
  });

  const open = async (): Promise<Station> => {
    const slots = [{ slot: 1, portPath: '/dev/null' }];
    station = await openStation(data, { slots });
    return station;
  };
  const close = async (): Promise<void> => {
    await station?.close();
    station = null;
  };
  const files = new Map([['own.ts', Buffer.from(SCRIPT)]]);
  const batch = (at: Station, text: string, name = 'night', locked = true): string =>
    at.batches.create({ recipe: parseRecipe(text, name, files), quantity: 5, name, locked }, STATION_ITSELF)
      .batchId;
  const edit = (sql: string, ...values: unknown[]): void => {
    const db = new Database(databaseFile(data));
    try {
      db.pragma('foreign_keys = OFF');
      expect(db.prepare(sql).run(...values).changes).toBeGreaterThan(0);
    } finally {
      db.close();
    }
  };
  const start = (at: Station, batchId: string) =>
    faultOf(() => at.startUnit({ batchId, serialNumber: 'SN000001', operator: 'Li', slot: 9 }));

  it.each<[string, string, string, unknown[], RegExp]>([
    [
      'other limits',
      plain,
      'UPDATE recipe SET source = ?',
      [plain.replace('min: 1, max: 16', 'min: 1, max: 99')],
      /limits of test\/flash-size\/flash-size were 1 … 16 MB and are 1 … 99 MB/,
    ],
    [
      'a step left out',
      plain,
      'UPDATE recipe SET source = ?',
      [plain.replace('steps: [{ verb: label }]', 'steps: [{ verb: log-out }]')],
      /label\/label is gone/,
    ],
    ['a comment', plain, 'UPDATE recipe SET source = source || ?', ['# nothing\n'], /its text was changed/],
    ['a text that is none', plain, 'UPDATE recipe SET source = ?', ['x'], /is not a valid recipe any more/],
    ['no text', plain, 'UPDATE recipe SET source = ?', [''], /its text is gone/],
    [
      'another script',
      withScript,
      'UPDATE recipe_file SET content = ?',
      [Buffer.from(SCRIPT.replace('1)', '2)'))],
      /file own\.ts was changed/,
    ],
    ['no script', withScript, 'DELETE FROM recipe_file', [], /file own\.ts is gone/],
    [
      'a script beside it',
      withScript,
      "INSERT INTO recipe_file SELECT hash, 'more.ts', x'31' FROM recipe",
      [],
      /more\.ts is new/,
    ],
    [
      'another recipe under its lock',
      plain,
      "UPDATE batch SET recipe_hash = 'other', lock_hash = lock_hash",
      [],
      /it is not the one that was locked/,
    ],
  ])(
    'is refused after an edit while nobody looked, and named: %s',
    async (_what, text, sql, values, said) => {
      const batchId = batch(await open(), text);
      await close();
      edit(sql, ...values);
      const fault = await start(await open(), batchId);
      expect(fault).toMatchObject({ code: 'recipe-changed' });
      expect(fault.message).toMatch(/^recipe of batch night was changed in the database/);
      expect(fault.message).toMatch(said);
      // It is shown all the same.
      expect(station?.batches.state().batches[0]).toMatchObject({ name: 'night', quantity: 5 });
    },
  );

  it('is refused at the next unit after an edit while the station runs, and taken again once it is put back', async () => {
    const at = await open();
    const batchId = batch(at, plain);
    expect((await start(at, batchId)).code).toBe('slot-unknown');
    edit('UPDATE recipe SET source = ?', plain.replace('max: 16', 'max: 99'));
    expect((await start(at, batchId)).code).toBe('recipe-changed');
    expect((await start(at, batchId)).code).toBe('recipe-changed');
    at.batches.select(batchId);
    expect((await faultOf(() => at.batches.selected())).code).toBe('recipe-changed');
    edit('UPDATE recipe SET source = ?', plain);
    expect((await start(at, batchId)).code).toBe('slot-unknown');
  });

  it('is refused for a trial too, and by a new batch of the same recipe', async () => {
    const at = await open();
    const trial = batch(at, plain, 'trial', false);
    edit('UPDATE recipe SET source = source || ?', '# nothing\n');
    expect((await start(at, trial)).code).toBe('recipe-changed');
    const fault = await faultOf(() => batch(at, plain, 'next'));
    expect(fault.message).toMatch(/^recipe test-recipe was changed in the database/);
    expect(at.batches.state().batches.map(({ name }) => name)).toEqual(['trial']);
  });

  it('describes a recipe of an older version as far as possible', async () => {
    const batchId = batch(await open(), withScript);
    await close();
    edit('DELETE FROM recipe_parts');
    const at = await open();
    expect((await start(at, batchId)).code).toBe('slot-unknown');
    edit('UPDATE recipe SET source = source || ?', '#');
    expect((await start(at, batchId)).message).toMatch(/its text, or one of own\.ts$/);
  });

  it('does not resume an interrupted run, and records the reason', async () => {
    const at = await open();
    const text = plain.replace('version: 1.0.0', 'version: 1.0.0\nresume: true');
    const batchId = batch(at, text);
    const hash = at.batches.recipeOf(batchId).hash;
    at.database.runs.add({
      runId: 'R1',
      batchId,
      slot: 1,
      portPath: '/dev/null',
      serialNumber: 'SN000001',
      station: 'S1',
      operator: 'Li',
      appVersion: '0',
      recipeHash: hash,
      startedAtMs: 1,
    });
    await close();
    edit('UPDATE recipe SET source = ?', text.replace('max: 16', 'max: 99'));
    const again = await open();
    expect(again.recovery).toMatchObject({ interruptedRuns: ['R1'], resumable: [] });
    expect(again.database.runs.findById('R1')).toMatchObject({
      outcome: 'ERROR',
      failure: { code: 'recipe-changed', message: expect.stringMatching(/were 1 … 16 MB and are 1 … 99 MB/) },
    });
  });

  it('is not replayed as if it were the one that was run', async () => {
    const { hash, source } = parseRecipe(plain, 'plain');
    const recording = (text: string) =>
      ({ replayable: true, header: { recipeSource: text, recipeHash: hash, recipeFiles: {} } }) as never;
    expect(recordedRecipe(recording(source)).hash).toBe(hash);
    const fault = await faultOf(() => recordedRecipe(recording(plain.replace('max: 16', 'max: 99'))));
    expect(fault.code).toBe('recipe-changed');
  });
});
