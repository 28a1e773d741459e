import type { Db } from './open-database.ts';

/** The unit from which each identity logged in first. */
export interface LoginProofTable {
  /** Chip id; null when no station has reported a login. */
  chipOf(deviceId: number): string | null;
  insert(deviceId: number, chipId: string, station: string, nowMs: number): void;
}

export function loginProofTable(db: Db): LoginProofTable {
  const chip = db.prepare<[number], string>('SELECT chip_id FROM login_proofs WHERE device_id = ?').pluck();
  const insert = db.prepare<[number, string, string, number]>(
    'INSERT INTO login_proofs (device_id, chip_id, station, at_ms) VALUES (?, ?, ?, ?)',
  );
  return {
    chipOf: (deviceId) => chip.get(deviceId) ?? null,
    insert: (deviceId, chipId, station, nowMs) => void insert.run(deviceId, chipId, station, nowMs),
  };
}
