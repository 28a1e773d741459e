import type { OtaFailure, OtaStage, OtaState } from '#shared/domain/ota.ts';
import type { Db } from './open-database.ts';

/** A task of updates: one firmware for its devices. */
export interface OtaTaskRow {
  readonly taskId: string;
  readonly productId: string;
  readonly firmwareId: string;
  readonly station: string;
  readonly key: string;
  readonly withinMs: number;
  readonly createdMs: number;
}

/** The update of a device with its task, its firmware and its latest attempt. `attempt` is 0 before the first one. */
export interface OtaUpdateRow {
  readonly updateId: number;
  readonly taskId: string;
  readonly key: string;
  readonly station: string;
  readonly deviceId: number;
  readonly firmwareId: string;
  readonly version: string;
  readonly md5: string;
  readonly sizeBytes: number;
  readonly state: OtaState;
  readonly failure: OtaFailure | null;
  readonly fromVersion: string | null;
  readonly resultCode: number | null;
  readonly resultText: string;
  readonly createdMs: number;
  readonly changedMs: number;
  readonly deadlineMs: number;
  readonly attempt: number;
  readonly pushedMs: number | null;
  readonly stage: OtaStage | null;
  readonly percent: number | null;
  readonly percentMs: number | null;
  readonly firstPercent: number | null;
  readonly firstPercentMs: number | null;
}

/** What changes of an update. */
export type OtaUpdateChange = Pick<
  OtaUpdateRow,
  'updateId' | 'state' | 'failure' | 'fromVersion' | 'resultCode' | 'resultText' | 'changedMs'
>;
export type OtaAttemptChange = Pick<
  OtaUpdateRow,
  'updateId' | 'attempt' | 'pushedMs' | 'stage' | 'percent' | 'percentMs' | 'firstPercent' | 'firstPercentMs'
>;

/** Tasks of updates, the update of each of their devices, and its attempts. Rows are never deleted. */
export interface OtaTable {
  insertTask(task: OtaTaskRow): void;
  findTask(station: string, key: string): OtaTaskRow | null;
  /** Adds a device to a task: an update that waits to be sent. */
  insertUpdate(
    taskId: string,
    deviceId: number,
    fromVersion: string | null,
    createdMs: number,
    deadlineMs: number,
  ): void;
  /** The update of a device in a task. */
  find(taskId: string, deviceId: number): OtaUpdateRow | null;
  /** The update of a device that has not ended. */
  running(deviceId: number): OtaUpdateRow | null;
  /** Newest first. */
  ofDevice(deviceId: number, limit: number): OtaUpdateRow[];
  save(update: OtaUpdateChange): void;
  saveAttempt(attempt: OtaAttemptChange): void;
}

const SELECT = `SELECT u.update_id AS updateId, u.task_id AS taskId, t.key, t.station, u.device_id AS deviceId,
    t.firmware_id AS firmwareId, f.version, f.md5, f.size_bytes AS sizeBytes, u.state, u.failure,
    u.from_version AS fromVersion, u.result_code AS resultCode, u.result_text AS resultText, u.created_ms AS createdMs,
    u.changed_ms AS changedMs, u.deadline_ms AS deadlineMs, coalesce(a.attempt, 0) AS attempt, a.pushed_ms AS pushedMs,
    a.stage, a.percent, a.percent_ms AS percentMs, a.first_percent AS firstPercent, a.first_percent_ms AS firstPercentMs
  FROM ota_updates u JOIN ota_tasks t USING (task_id) JOIN firmware f USING (firmware_id)
  LEFT JOIN ota_attempts a ON a.update_id = u.update_id
    AND a.attempt = (SELECT max(attempt) FROM ota_attempts WHERE update_id = u.update_id)`;

export function otaTable(db: Db): OtaTable {
  const insertTask = db.prepare<OtaTaskRow>(
    `INSERT INTO ota_tasks (task_id, product_id, firmware_id, station, key, within_ms, created_ms)
     VALUES (:taskId, :productId, :firmwareId, :station, :key, :withinMs, :createdMs)`,
  );
  const findTask = db.prepare<[string, string], OtaTaskRow>(
    `SELECT task_id AS taskId, product_id AS productId, firmware_id AS firmwareId, station, key, within_ms AS withinMs,
       created_ms AS createdMs FROM ota_tasks WHERE station = ? AND key = ?`,
  );
  const insertUpdate = db.prepare(
    `INSERT INTO ota_updates (task_id, device_id, state, from_version, created_ms, changed_ms, deadline_ms)
     VALUES (?, ?, 'pending', ?, ?, ?, ?)`,
  );
  const find = db.prepare<[string, number], OtaUpdateRow>(
    `${SELECT} WHERE u.task_id = ? AND u.device_id = ?`,
  );
  const isRunning = db
    .prepare<[number], number>(
      `SELECT update_id FROM ota_updates WHERE device_id = ? AND state IN ('pending', 'pushed', 'updating')`,
    )
    .pluck();
  const byId = db.prepare<[number], OtaUpdateRow>(`${SELECT} WHERE u.update_id = ?`);
  const ofDevice = db.prepare<[number, number], OtaUpdateRow>(
    `${SELECT} WHERE u.device_id = ? ORDER BY u.update_id DESC LIMIT ?`,
  );
  const save = db.prepare<OtaUpdateChange>(
    `UPDATE ota_updates SET state = :state, failure = :failure, from_version = :fromVersion, result_code = :resultCode, result_text = :resultText,
       changed_ms = :changedMs WHERE update_id = :updateId`,
  );
  const saveAttempt = db.prepare<OtaAttemptChange>(
    `INSERT INTO ota_attempts (update_id, attempt, pushed_ms, stage, percent, percent_ms, first_percent, first_percent_ms)
     VALUES (:updateId, :attempt, :pushedMs, :stage, :percent, :percentMs, :firstPercent, :firstPercentMs)
     ON CONFLICT (update_id, attempt) DO UPDATE SET stage = excluded.stage, percent = excluded.percent,
       percent_ms = excluded.percent_ms, first_percent = excluded.first_percent,
       first_percent_ms = excluded.first_percent_ms`,
  );
  return {
    insertTask: (task) => void insertTask.run(task),
    findTask: (station, key) => findTask.get(station, key) ?? null,
    insertUpdate: (taskId, deviceId, fromVersion, createdMs, deadlineMs) =>
      void insertUpdate.run(taskId, deviceId, fromVersion, createdMs, createdMs, deadlineMs),
    find: (taskId, deviceId) => find.get(taskId, deviceId) ?? null,
    running(deviceId) {
      // Asked at each login of a device: by the small index alone when nothing runs.
      const updateId = isRunning.get(deviceId);
      return updateId === undefined ? null : (byId.get(updateId) ?? null);
    },
    ofDevice: (deviceId, limit) => ofDevice.all(deviceId, limit),
    save: (update) => void save.run(update),
    saveAttempt: (attempt) => void saveAttempt.run(attempt),
  };
}
