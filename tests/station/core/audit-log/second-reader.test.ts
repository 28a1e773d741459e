import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseFile } from '../../../../station/core/database/index.ts';
import { createTamperedStation, tamperingIn } from './tampered-station.ts';

const READER = join(import.meta.dirname, 'read-journal.py');

interface Read {
  readonly records: number;
  readonly runs: number;
  readonly parts: number;
  readonly entries: number;
  readonly differing: readonly string[];
}

function read(dataDir: string): Read {
  return JSON.parse(
    execFileSync('python3', ['-X', 'utf8', READER, databaseFile(dataDir)], { encoding: 'utf8' }),
  ) as Read;
}

describe('the journal of records, read by a second implementation (Python, by ADR 24)', () => {
  const { origin, edited, fill, remove } = createTamperedStation();
  beforeAll(fill);
  afterAll(remove);

  it('has the digest of every record, run, part and entry', () => {
    const { differing, ...counts } = read(origin);
    expect(differing).toEqual([]);
    for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(0);
  });

  it('names the same records that were edited by hand', async () => {
    const data = edited((db) => {
      db.exec("UPDATE person SET role = 'engineer' WHERE name = 'user-operator'");
      db.exec("UPDATE measurement SET value = '0' WHERE run_id = (SELECT min(run_id) FROM run)");
    });
    const { differing } = read(data);
    expect(differing).toHaveLength(2);
    expect([...differing].sort()).toEqual((await tamperingIn(data)).sort());
  });
});
