import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStore as openRegistry } from '../../registry/store/index.ts';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { addBatch, beginRun, endRun, nameOf, PRODUCT, STATION } from '../lib/sample-runs.ts';

const PER_COMMIT = 1000;

/** Fills a registry with triples that are leased to the station and with each of which a device has logged in. */
export function fillRegistry(dataDir: string, count: number): void {
  mkdirSync(dataDir, { recursive: true });
  using database = openRegistry(join(dataDir, 'registry.db'));
  database.write(() => {
    database.products.upsert(PRODUCT, PRODUCT, 1);
    for (let n = 0; n < count; n++) database.devices.insert(PRODUCT, nameOf(n), new Uint8Array(61), 1);
    for (const { id } of database.devices.available(PRODUCT, count)) {
      database.devices.markLeased(id, STATION);
      database.presence.loggedIn(id, 1);
    }
  });
}

/** Fills a station that was offline for `count` runs. Each has burned an identity, and none is reported yet. */
export function fillStation(dataDir: string, count: number): void {
  const database = openStationDatabase(dataDir);
  try {
    // A lease needs the name of the station.
    database.transaction(() => database.meta.set('station.name', STATION));
    addBatch(database, count);
    for (let from = 0; from < count; from += PER_COMMIT) {
      database.transaction(() => {
        for (let n = from; n < Math.min(count, from + PER_COMMIT); n++)
          endRun(database, n, beginRun(database, n));
      });
    }
  } finally {
    database.close();
  }
}

export interface RegistryCounts {
  readonly events: number;
  readonly runs: number;
  readonly bound: number;
}

/** Counts the registry's rows at the end, without the code of the registry. */
export function countRegistry(dataDir: string): RegistryCounts {
  const db = new Database(join(dataDir, 'registry.db'), { readonly: true });
  try {
    const sql = `SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM runs) AS runs,
      (SELECT count(*) FROM devices WHERE state = 'bound') AS bound`;
    return db.prepare<[], RegistryCounts>(sql).get() ?? { events: 0, runs: 0, bound: 0 };
  } finally {
    db.close();
  }
}
