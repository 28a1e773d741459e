import type { FirmwareState } from '#shared/registry-api/index.ts';
import type { Db } from './open-database.ts';

/** A firmware without its content, which is a file. */
export interface FirmwareRow {
  readonly firmwareId: string;
  readonly productId: string;
  readonly version: string;
  readonly sha256: string;
  readonly md5: string;
  readonly sizeBytes: number;
  readonly fileName: string;
  readonly name: string;
  readonly description: string;
  readonly config: Uint8Array;
  readonly state: FirmwareState;
  readonly uploadedBy: string;
  readonly createdMs: number;
  readonly completedMs: number | null;
}

export interface FirmwareTable {
  insert(row: FirmwareRow): void;
  byId(firmwareId: string): FirmwareRow | null;
  /** A content of a version, complete or not. */
  byContent(productId: string, version: string, sha256: string): FirmwareRow | null;
  /** The complete firmware of a version. */
  findComplete(productId: string, version: string): FirmwareRow | null;
  /** Newest first, of one product or of all. */
  list(productId: string | null): FirmwareRow[];
  setState(firmwareId: string, state: Exclude<FirmwareState, 'uploading'>): void;
  setComplete(firmwareId: string, nowMs: number): void;
  /** Records that an upload continues. Another station takes over an upload without a chunk since `takeOverBeforeMs`. */
  touch(firmwareId: string, station: string, nowMs: number, takeOverBeforeMs: number): void;
  /** Deletes uploads without a chunk since `beforeMs`; returns their ids. */
  deleteUnfinished(beforeMs: number): string[];
}

const SELECT = `SELECT firmware_id AS firmwareId, product_id AS productId, version, sha256, md5, size_bytes AS sizeBytes,
  file_name AS fileName, name, description, config, state, uploaded_by AS uploadedBy, created_ms AS createdMs,
  completed_ms AS completedMs FROM firmware`;

export function firmwareTable(db: Db): FirmwareTable {
  const insert = db.prepare(
    `INSERT INTO firmware (firmware_id, product_id, version, sha256, md5, size_bytes, file_name, name, description,
       config, state, uploaded_by, created_ms, touched_ms, completed_ms)
     VALUES (:firmwareId, :productId, :version, :sha256, :md5, :sizeBytes, :fileName, :name, :description,
       :config, :state, :uploadedBy, :createdMs, :createdMs, :completedMs)`,
  );
  const byId = db.prepare<[string], FirmwareRow>(`${SELECT} WHERE firmware_id = ?`);
  const byContent = db.prepare<[string, string, string], FirmwareRow>(
    `${SELECT} WHERE product_id = ? AND version = ? AND sha256 = ?`,
  );
  const findComplete = db.prepare<[string, string], FirmwareRow>(
    `${SELECT} WHERE product_id = ? AND version = ? AND state <> 'uploading'`,
  );
  const list = db.prepare<[{ productId: string | null }], FirmwareRow>(
    `${SELECT} WHERE :productId IS NULL OR product_id = :productId ORDER BY created_ms DESC, firmware_id`,
  );
  const setState = db.prepare<[string, string]>(
    `UPDATE firmware SET state = ? WHERE firmware_id = ? AND state <> 'uploading'`,
  );
  const setComplete = db.prepare<[number, string]>(
    `UPDATE firmware SET state = 'offline', completed_ms = ? WHERE firmware_id = ? AND state = 'uploading'`,
  );
  const touch = db.prepare<
    [{ firmwareId: string; station: string; nowMs: number; takeOverBeforeMs: number }]
  >(
    `UPDATE firmware SET touched_ms = :nowMs, uploaded_by = :station
     WHERE firmware_id = :firmwareId AND (uploaded_by = :station OR (state = 'uploading' AND touched_ms < :takeOverBeforeMs))`,
  );
  const deleteUnfinished = db
    .prepare<[number], string>(
      `DELETE FROM firmware WHERE state = 'uploading' AND touched_ms < ? RETURNING firmware_id`,
    )
    .pluck();
  return {
    insert: (row) => void insert.run(row),
    byId: (firmwareId) => byId.get(firmwareId) ?? null,
    byContent: (productId, version, sha256) => byContent.get(productId, version, sha256) ?? null,
    findComplete: (productId, version) => findComplete.get(productId, version) ?? null,
    list: (productId) => list.all({ productId }),
    setState: (firmwareId, state) => void setState.run(state, firmwareId),
    setComplete: (firmwareId, nowMs) => void setComplete.run(nowMs, firmwareId),
    touch: (firmwareId, station, nowMs, takeOverBeforeMs) =>
      void touch.run({ firmwareId, station, nowMs, takeOverBeforeMs }),
    deleteUnfinished: (beforeMs) => deleteUnfinished.all(beforeMs),
  };
}
