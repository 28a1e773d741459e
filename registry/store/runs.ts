import { withUnproven } from '#shared/domain/read-back.ts';
import type { IdentityRetiredPayload, RunFinishedPayload, RunView } from '#shared/registry-api/index.ts';
import { type Cell, insertRows } from './insert-rows.ts';
import type { Db } from './open-database.ts';

/** A run, the event that reported it, and the device that it bound. */
export interface RunRecord {
  readonly eventKey: string;
  readonly run: RunFinishedPayload;
  readonly deviceId: number | null;
}

/** Reported runs, and retirements with their approvers. Rows are never changed or deleted. */
export interface RunTable {
  exists(runId: string): boolean;
  insert(runs: readonly RunRecord[]): void;
  onChip(chipId: string, limit: number): RunView[];
  insertRetirement(eventKey: string, deviceId: number, payload: IdentityRetiredPayload, atMs: number): void;
}

interface RunRow extends Omit<RunView, 'proof'> {
  readonly readBack: NonNullable<RunView['proof']>['readBack'] | null;
  readonly online: NonNullable<RunView['proof']>['online'] | null;
}

export function runTable(db: Db): RunTable {
  const exists = db.prepare<[string], number>('SELECT 1 FROM runs WHERE run_id = ?').pluck();
  const insert = insertRows(
    db,
    `INSERT INTO runs (run_id, event_key, station, batch_id, batch_name, recipe_hash, app_version, operator,
       serial_number, chip_id, outcome, started_at_ms, finished_at_ms, first_failure, device_id,
       proof_read_back, proof_online, firmware_sha256)`,
    18,
  );
  const onChip = db.prepare<[string, number], RunRow>(
    `SELECT r.run_id AS runId, r.station, r.batch_id AS batchId, r.batch_name AS batchName,
       r.serial_number AS serialNumber, r.outcome, r.started_at_ms AS startedAtMs,
       r.finished_at_ms AS finishedAtMs, json_extract(r.first_failure, '$.code') AS failureCode,
       d.product_id AS productId, d.device_name AS deviceName,
       r.proof_read_back AS readBack, r.proof_online AS online
     FROM runs r LEFT JOIN devices d ON d.id = r.device_id
     WHERE r.chip_id = ? ORDER BY r.finished_at_ms DESC, r.id DESC LIMIT ?`,
  );
  const retirement = db.prepare<[number, string, string | null, string, string, number]>(
    'INSERT INTO retirements (device_id, event_key, chip_id, reason, approver, at_ms) VALUES (?, ?, ?, ?, ?, ?)',
  );

  return {
    exists: (runId) => exists.get(runId) !== undefined,
    insert: (runs) => insert(runs.map(cellsOf)),
    onChip: (chipId, limit) =>
      onChip.all(chipId, limit).map(({ readBack, online, ...run }) => ({
        ...run,
        proof: readBack === null || online === null ? null : withUnproven({ readBack, online }),
      })),
    insertRetirement: (eventKey, deviceId, payload, atMs) =>
      void retirement.run(deviceId, eventKey, payload.chipId, payload.reason, payload.approver, atMs),
  };
}

function cellsOf({ eventKey, run, deviceId }: RunRecord): Cell[] {
  return [
    run.runId,
    eventKey,
    run.station,
    run.batchId,
    run.batchName,
    run.recipeHash,
    run.appVersion,
    run.operator,
    run.serialNumber,
    run.chipId,
    run.outcome,
    run.startedAtMs,
    run.finishedAtMs,
    run.firstFailure === null ? null : JSON.stringify(run.firstFailure),
    deviceId,
    run.identity?.proof.readBack ?? null,
    run.identity?.proof.online ?? null,
    run.firmwareSha256 ?? null,
  ];
}
