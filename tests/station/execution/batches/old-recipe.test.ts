import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { STATION_ITSELF, parseRecipe, type Station } from '#station';
import { databaseFile } from '../../../../station/core/database/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { openStation } from '../../../kit/station.ts';

const open = (dir: string): Promise<Station> => openStation(dir);

test('a station opens, with its other batches, although a stored recipe cannot be read any more', async () => {
  using dir = tempDir('old-recipe');
  const data = join(dir.path, 'station');
  let station = await open(data);
  const batchOf = (name: string, text: string): string =>
    station.batches.create({ recipe: parseRecipe(text, name), quantity: 5, name }, STATION_ITSELF).batchId;
  const old = batchOf('old', moduleRecipe());
  const today = batchOf('today', moduleRecipe().replace('1.0.0', '2.0.0'));
  await station.close();
  const db = new Database(databaseFile(data));
  const source = moduleRecipe().replace('verb: identify', 'verb: divine');
  // As an older Gongwei has stored it, under its own hash.
  db.pragma('foreign_keys = OFF');
  const hash = createHash('sha256').update(source).digest('hex');
  db.prepare('UPDATE recipe SET source = ?, hash = ? WHERE version = ?').run(source, hash, '1.0.0');
  db.prepare('UPDATE batch SET recipe_hash = ? WHERE batch_id = ?').run(hash, old);
  db.close();

  station = await open(data);
  try {
    const { batches } = station.batches.state();
    expect(batches.map(({ name, recipe }) => [name, recipe.version, recipe.title.en])).toEqual(
      expect.arrayContaining([
        ['old', '1.0.0', 'test-recipe'],
        ['today', '2.0.0', 'Test'],
      ]),
    );
    const fault = await faultOf(() =>
      station.startUnit({ batchId: old, serialNumber: 'SN000001', operator: 'Li' }),
    );
    expect(fault.code).toBe('recipe-invalid');
    expect(fault.message).toMatch(/^recipe of batch old:\d+:\d+: /);
    expect(station.batches.recipeOf(today).recipe.version).toBe('2.0.0');
  } finally {
    await station.close();
  }
});
