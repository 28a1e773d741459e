import type { Db } from './open-database.ts';

export interface StationKeyRow {
  readonly station: string;
  /** SHA-256 of `publicKey`, in hex. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  /** By the station's clock. */
  readonly createdMs: number;
  readonly receivedMs: number;
}

/** The public keys of stations; rows are only added. */
export interface StationKeyTable {
  /** False when the station has reported the key before. */
  add(key: StationKeyRow): boolean;
  count(station: string): number;
  /** In the order in which the station made them. */
  ofStation(station: string): StationKeyRow[];
  /** The stations that have reported the key, in the order in which they did. */
  byId(keyId: string): StationKeyRow[];
}

const SELECT = `SELECT station, key_id AS keyId, public_key AS publicKey, created_ms AS createdMs, received_ms AS receivedMs
  FROM station_keys`;

export function stationKeyTable(db: Db): StationKeyTable {
  const add = db.prepare(
    `INSERT INTO station_keys (station, key_id, public_key, created_ms, received_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const count = db.prepare<[string], number>('SELECT count(*) FROM station_keys WHERE station = ?').pluck();
  const ofStation = db.prepare<[string], StationKeyRow>(`${SELECT} WHERE station = ? ORDER BY id`);
  const byId = db.prepare<[string], StationKeyRow>(`${SELECT} WHERE key_id = ? ORDER BY id`);
  return {
    add: ({ station, keyId, publicKey, createdMs, receivedMs }) =>
      add.run(station, keyId, publicKey, createdMs, receivedMs).changes === 1,
    count: (station) => count.get(station) ?? 0,
    ofStation: (station) => ofStation.all(station),
    byId: (keyId) => byId.all(keyId),
  };
}
