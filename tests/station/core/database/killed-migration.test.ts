import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../../station/core/database/database.ts';
import { checkBackup, databaseFile, openStationDatabase } from '../../../../station/core/database/index.ts';
import { MIGRATIONS } from '../../../../station/core/database/migrations/index.ts';
import { depth } from '../../../support/depth.ts';
import { memoryDir } from '../../../support/temp-dir.ts';

const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;
const OLD = 10;
/** The number of kills, spread over all statements; the long tests kill after each. */
const KILLS = 8;

/** Rows that migrations write anew or that later tables are filled from. */
const ROWS = `
  INSERT INTO recipe VALUES ('h', 'r', '1', 's', 1);
  INSERT INTO batch (batch_id, name, recipe_hash, product_id, quantity, created_at) VALUES ('B', 'b', 'h', 'P', 9, 1);
  INSERT INTO unit (unit_id, chip_id, first_seen_at, last_seen_at) VALUES (1, 'A1', 1, 1);
  INSERT INTO triple (triple_id, product_id, device_name, secret, state, unit_id, source, lease, created_at, changed_at)
    VALUES (1, 'P', 'd1', x'01', 'burned', 1, 'import', NULL, 1, 2);
  INSERT INTO run (run_id, batch_id, slot, port_path, unit_id, triple_id, station, operator, app_version, recipe_hash, started_at)
    VALUES ('run', 'B', 1, 'p', 1, 1, 'S', 'o', '1', 'h', 1);`;

function runChild(
  dataDir: string,
  killAfter: number,
): { readonly signal: string | null; readonly out: string } {
  const child = join(import.meta.dirname, 'killed-migration-child.ts');
  const { signal, stdout, stderr, status } = spawnSync(
    process.execPath,
    [child, dataDir, String(killAfter)],
    {
      encoding: 'utf8',
    },
  );
  if (signal === null && status !== 0) throw new Error(stderr);
  return { signal, out: stdout };
}

/** Tables, indexes and triggers with the version, and the rows of before. */
function stateOf(dataDir: string) {
  const db = new Database(databaseFile(dataDir));
  try {
    return {
      version: Number(db.pragma('user_version', { simple: true })),
      schema: db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all(),
      damage: db.pragma('integrity_check', { simple: true }),
      triples: db.prepare('SELECT device_name, state FROM triple').all(),
      runs: db.prepare('SELECT run_id FROM run').pluck().all(),
    };
  } finally {
    db.close();
  }
}

test('a migration that is killed after any statement has done nothing or all, and the next start completes it', async () => {
  using dir = memoryDir();
  const old = join(dir.path, 'old');
  {
    const { db } = openDatabase(
      databaseFile(old),
      MIGRATIONS.filter(({ version }) => version <= OLD),
    );
    db.exec(ROWS);
    db.close();
  }
  const before = stateOf(old);
  const whole = join(dir.path, 'whole');
  cpSync(old, whole, { recursive: true });
  const statements = Number(runChild(whole, 0).out);
  const after = stateOf(whole);
  expect(before.version).toBe(OLD);
  expect(after.version).toBe(NEWEST);
  expect(statements).toBeGreaterThan(100);

  const kills = depth({ short: KILLS, long: statements });
  const seen = new Set<number>();
  for (let n = 1; n <= kills; n += 1) {
    // The first and the last statement are among them.
    const killAfter = Math.max(1, Math.round((n * statements) / kills));
    const data = join(dir.path, `killed-${n}`);
    cpSync(old, data, { recursive: true });
    expect(runChild(data, n === 1 ? 1 : killAfter).signal).toBe('SIGKILL');
    const killed = stateOf(data);
    seen.add(killed.version);
    expect(killed).toEqual(killed.version === OLD ? before : after);

    openStationDatabase(data).close();
    expect(stateOf(data)).toEqual(after);
    expect(readdirSync(data).filter((name) => name.endsWith('.part'))).toEqual([]);
    const copy = `${databaseFile(data)}.before-${NEWEST}`;
    if (existsSync(copy)) expect((await checkBackup(copy)).version).toBe(OLD);
  }
  // The last kill comes after the end of the transaction.
  expect([...seen]).toEqual([OLD, NEWEST]);
});
