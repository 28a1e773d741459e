import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../station/core/database/database.ts';
import { MIGRATIONS } from '../../../../station/core/database/migrations/index.ts';
import { openStationDatabase, databaseFile } from '../../../../station/core/database/index.ts';
import { memoryDir } from '../../../support/temp-dir.ts';

describe('a ledger of before returns', () => {
  it('keeps every triple, its unit, its runs and its history when its table is written anew', () => {
    using dir = memoryDir();
    const data = join(dir.path, 'data');
    {
      const before = MIGRATIONS.filter(({ version }) => version < 40);
      const { db } = openDatabase(databaseFile(data), before);
      db.exec(`
        INSERT INTO recipe VALUES ('h', 'r', '1', 's', 1);
        INSERT INTO batch (batch_id, name, recipe_hash, product_id, quantity, created_at) VALUES ('B', 'b', 'h', 'P', 9, 1);
        INSERT INTO lease VALUES ('r1', 'P', 3, 'L1', 1, 2);
        INSERT INTO unit (unit_id, chip_id, first_seen_at, last_seen_at) VALUES (1, 'A1', 1, 1), (2, 'A2', 1, 1);
        INSERT INTO triple (triple_id, product_id, device_name, secret, state, unit_id, source, lease, created_at, changed_at)
          VALUES (1, 'P', 'd1', x'01', 'burned', 1, 'lease', 'r1', 1, 2), (2, 'P', 'd2', x'02', 'retired', 2, 'import', NULL, 1, 2),
            (3, 'P', 'd3', x'03', 'available', NULL, 'lease', 'r1', 1, 1), (7, 'P', 'd7', x'07', 'quarantined', NULL, 'import', NULL, 1, 1);
        INSERT INTO identity_event (triple_id, unit_id, run_id, event, from_state, to_state, at, note)
          VALUES (1, 1, 'run', 'claim', 'available', 'claimed', 1, ''), (1, 1, 'run', 'confirm', 'burning', 'burned', 2, '');
        INSERT INTO run (run_id, batch_id, slot, port_path, unit_id, triple_id, station, operator, app_version, recipe_hash, started_at)
          VALUES ('run', 'B', 1, 'p', 1, 1, 'S', 'o', '1', 'h', 1);
        INSERT INTO outbox (key, lane, kind, payload, created_at, state, reason) VALUES ('k', 'A1', 'run.finished', '{}', 1, 'parked', 'why');`);
      db.close();
    }
    const database = openStationDatabase(data);
    try {
      const rows = ['burned', 'retired', 'available', 'quarantined'] as const;
      expect(rows.flatMap((state) => database.triples.listInState(state))).toMatchObject([
        { tripleId: 1, deviceName: 'd1', unitId: 1, lease: 'r1', secret: Buffer.from([1]) },
        { tripleId: 2, deviceName: 'd2', unitId: 2, lease: null },
        { tripleId: 3, deviceName: 'd3', unitId: null, lease: 'r1' },
        { tripleId: 7, deviceName: 'd7', unitId: null },
      ]);
      expect(database.triples.listHistory(1)).toHaveLength(2);
      expect(database.runs.findById('run')).toMatchObject({ deviceName: 'd1', chipId: 'A1' });
      expect(database.outbox.listParked()).toMatchObject([{ key: 'k', setAside: null }]);
      expect(database.triples.listNeverClaimed('r1').map(({ deviceName }) => deviceName)).toEqual(['d3']);
      // The constraints came along.
      const retired = database.triples.findById(2);
      if (retired === null) throw new Error('gone');
      expect(() => database.transaction(() => database.runs.setTriple('run', 99))).toThrow(/FOREIGN KEY/);
    } finally {
      database.close();
    }
    const { db } = openDatabase(databaseFile(data));
    expect(db.pragma('foreign_key_check')).toEqual([]);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    for (const [sql, why] of [
      [`DELETE FROM triple WHERE triple_id = 1`, /never erased/],
      [`UPDATE triple SET state = 'available' WHERE triple_id = 2`, /never used again/],
      [`UPDATE triple SET device_name = 'x' WHERE triple_id = 1`, /never changes/],
      [`UPDATE triple SET unit_id = 2 WHERE triple_id = 1`, /never moves/],
      [`UPDATE triple SET state = 'returned', return_id = 'r' WHERE triple_id = 7`, /never claimed/],
      [`UPDATE triple SET state = 'claimed', unit_id = 1 WHERE triple_id = 3`, /UNIQUE/],
    ] as const)
      expect(() => db.exec(sql), sql).toThrow(why);
    db.close();
  });
});
