import type { UnitIdKind } from '#shared/domain/unit-id.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';
import type { IdentityState } from '#shared/domain/identity.ts';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { IdentityProof } from '#shared/registry-api/events.ts';
import type { NewAttachment } from './attachments.ts';
import type { Db } from './database.ts';

export interface NewRun {
  readonly runId: string;
  readonly batchId: string;
  readonly slot: number;
  readonly portPath: string;
  readonly serialNumber: string | null;
  readonly station: string;
  readonly operator: string;
  readonly appVersion: string;
  readonly recipeHash: string;
  /** The firmware its batch names. */
  readonly firmwareSha256?: string | null;
  readonly startedAtMs: number;
}

export interface RunRow extends NewRun {
  readonly unitId: number | null;
  readonly tripleId: number | null;
  readonly chipId: string | null;
  readonly idKind?: UnitIdKind | null;
  readonly idText?: string | null;
  readonly productId: string | null;
  readonly deviceName: string | null;
  readonly proof: IdentityProof | null;
  readonly finishedAtMs: number | null;
  readonly outcome: Outcome | null;
  readonly failure: RunFailure | null;
}

export interface StepRow {
  readonly seq: number;
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly startedAtMs: number;
  readonly ms: number;
  readonly failure: RunFailure | null;
  /** Variables that it set. */
  readonly captured?: Readonly<Record<string, string>> | undefined;
}

/** A coordinate of a point on a curve. */
export interface CurvePoint {
  readonly name: string;
  readonly value: string | number;
  readonly unit: string | null;
}

export interface MeasurementRow {
  readonly name: string;
  readonly value: MeasuredValue;
  readonly unit: string | null;
  /** As people read them; empty when the value is only recorded. */
  readonly limits: string;
  readonly outcome: Outcome;
  /** Numeric limits, where there are any. */
  readonly low?: number | null;
  readonly high?: number | null;
  /** Passed, but near a limit. */
  readonly marginal?: boolean;
  /** A numeric limit depends on a captured value of the unit, so that each unit has its own. */
  readonly relative?: boolean;
  /** Where on a curve it lies; `null` for a single value. */
  readonly at?: readonly CurvePoint[] | null;
}

/** A finished run, with the batch name and triple state for its message. */
export interface FinishedRun extends RunRow {
  readonly batchName: string | null;
  readonly tripleState: IdentityState | null;
}

export interface RawRun extends Omit<RunRow, 'proof' | 'failure'> {
  readonly proof: string | null;
  readonly failure: string | null;
}

/** How many runs back pending cases are searched: a few weeks of a fast production line. */
const LATEST = 20_000;
/** The number of runs before one that bound its time. */
const NEIGHBOURS = 1000;

export const RUN_SELECT = `SELECT run_id AS runId, batch_id AS batchId, slot, port_path AS portPath, run.serial_number AS serialNumber,
  station, operator, app_version AS appVersion, recipe_hash AS recipeHash, firmware_sha256 AS firmwareSha256, started_at AS startedAtMs,
  run.unit_id AS unitId, run.triple_id AS tripleId, unit.chip_id AS chipId, unit.id_kind AS idKind, unit.id_text AS idText, triple.product_id AS productId,
  triple.device_name AS deviceName, proof, finished_at AS finishedAtMs, outcome, failure
  FROM run LEFT JOIN unit ON unit.unit_id = run.unit_id LEFT JOIN triple ON triple.triple_id = run.triple_id`;

/**
 * Runs with their steps and measurements. A trigger prevents any change of a finished run. Their order is that of their rows and not
 * of their times, because a clock can be set back.
 */
export function createRunRepository(db: Db, addToJournal: (runId: string) => void) {
  const begin = db.prepare(`
    INSERT INTO run (run_id, batch_id, slot, port_path, serial_number, station, operator, app_version, recipe_hash, firmware_sha256, started_at)
    VALUES (:runId, :batchId, :slot, :portPath, :serialNumber, :station, :operator, :appVersion, :recipeHash, :firmwareSha256, :startedAtMs)`);
  const markResumed = db.prepare('UPDATE run SET resumed = resumed + 1 WHERE run_id = ? AND outcome IS NULL');
  const resumedTimes = db.prepare<[string], number>('SELECT resumed FROM run WHERE run_id = ?').pluck();
  const setUnit = db.prepare('UPDATE run SET unit_id = ? WHERE run_id = ?');
  const setTriple = db.prepare('UPDATE run SET triple_id = ? WHERE run_id = ?');
  const setProof = db.prepare('UPDATE run SET proof = ? WHERE run_id = ?');
  // Written and read in one statement, because every unit waits for it.
  const finish = db.prepare<
    [number, Outcome, string | null, string],
    RawRun & Pick<FinishedRun, 'batchName' | 'tripleState'>
  >(`
    UPDATE run SET finished_at = ?, outcome = ?, failure = ? WHERE run_id = ?
    RETURNING run_id AS runId, batch_id AS batchId, slot, port_path AS portPath, serial_number AS serialNumber, station,
      operator, app_version AS appVersion, recipe_hash AS recipeHash, firmware_sha256 AS firmwareSha256,
      started_at AS startedAtMs, unit_id AS unitId, triple_id AS tripleId, proof, finished_at AS finishedAtMs, outcome, failure,
      (SELECT chip_id FROM unit WHERE unit.unit_id = run.unit_id) AS chipId,
      (SELECT id_kind FROM unit WHERE unit.unit_id = run.unit_id) AS idKind,
      (SELECT id_text FROM unit WHERE unit.unit_id = run.unit_id) AS idText,
      (SELECT product_id FROM triple WHERE triple.triple_id = run.triple_id) AS productId,
      (SELECT device_name FROM triple WHERE triple.triple_id = run.triple_id) AS deviceName,
      (SELECT state FROM triple WHERE triple.triple_id = run.triple_id) AS tripleState,
      (SELECT name FROM batch WHERE batch.batch_id = run.batch_id) AS batchName`);
  const addStep = db.prepare(`
    INSERT INTO run_step (run_id, seq, phase, step, attempt, outcome, started_at, ms, failure, captured)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const addMeasurement = db.prepare(`
    INSERT INTO measurement (run_id, step_seq, seq, name, value, unit, limits, outcome, low, high, marginal, at, relative)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const addAttachment = db.prepare(`
    INSERT INTO attachment (run_id, step_seq, seq, name, media_type, bytes, sha256, made_at, made_by)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const byId = db.prepare<[string], RawRun>(`${RUN_SELECT} WHERE run_id = ?`);
  const idsFrom = db
    .prepare<[string, string], string>(
      `SELECT run_id FROM run WHERE run_id >= ? AND run_id < ? || 'g' ORDER BY run_id DESC LIMIT 7`,
    )
    .pluck();
  const anyPassed = db.prepare("SELECT 1 FROM run WHERE outcome = 'PASS' LIMIT 1");
  const ofBatch = db.prepare<[string, number], RawRun>(
    `${RUN_SELECT} WHERE batch_id = ? ORDER BY started_at DESC, run_id DESC LIMIT ?`,
  );
  const ofUnit = db.prepare<[number], RawRun>(`${RUN_SELECT} WHERE run.unit_id = ? ORDER BY run.rowid`);
  const lastEndedWith = db.prepare<[number, string], RawRun>(
    `${RUN_SELECT} WHERE run.rowid > (SELECT max(rowid) FROM run) - ? AND outcome = 'ERROR'
       AND failure ->> 'code' IN (SELECT value FROM json_each(?)) AND run.unit_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM run later WHERE later.unit_id = run.unit_id AND later.rowid > run.rowid)
     ORDER BY run.rowid DESC`,
  );
  const lastSerialWith = db
    .prepare<[number, number], string>(
      `SELECT serial_number FROM run WHERE unit_id = ? AND triple_id = ? AND serial_number IS NOT NULL
       ORDER BY rowid DESC LIMIT 1`,
    )
    .pluck();
  const lastSerialOf = db
    .prepare<[number], string>(
      `SELECT serial_number FROM run WHERE unit_id = ? AND serial_number IS NOT NULL ORDER BY rowid DESC LIMIT 1`,
    )
    .pluck();
  const ofSerial = db.prepare<[string], RawRun>(
    `${RUN_SELECT} WHERE run.serial_number = ? ORDER BY run.rowid`,
  );
  const unfinished = db.prepare<[], RawRun>(`${RUN_SELECT} WHERE outcome IS NULL ORDER BY +run.rowid`);
  const latestOfSerial = db.prepare<[string, string], RawRun>(
    `${RUN_SELECT} WHERE batch_id = ? AND run.serial_number = ? AND outcome IS NOT NULL ORDER BY run.rowid DESC LIMIT 1`,
  );
  const steps = db.prepare<
    [string],
    Omit<StepRow, 'failure' | 'captured'> & { failure: string | null; captured: string | null }
  >(
    `SELECT seq, phase, step, attempt, outcome, started_at AS startedAtMs, ms, failure, captured FROM run_step WHERE run_id = ? ORDER BY seq`,
  );
  const measurements = db.prepare<
    [string],
    Omit<MeasurementRow, 'value' | 'marginal' | 'at' | 'relative'> & {
      value: string;
      stepSeq: number;
      marginal: number;
      relative: number;
      at: string | null;
    }
  >(
    `SELECT step_seq AS stepSeq, name, value, unit, limits, outcome, low, high, marginal, at, relative FROM measurement WHERE run_id = ? ORDER BY step_seq, seq`,
  );

  const notBefore = db
    .prepare<[string], number | null>(
      `SELECT max(started_at) FROM run, (SELECT rowid AS last FROM run WHERE run_id = ?)
       WHERE run.rowid BETWEEN last - ${NEIGHBOURS} AND last`,
    )
    .pluck();
  const acknowledgedSince = db
    .prepare<[number], string>(
      `SELECT run_id FROM run JOIN outbox ON key = 'run:' || run_id WHERE state = 'sent' AND settled_at >= ? ORDER BY run_id`,
    )
    .pluck();
  const count = db.prepare<[], number | null>('SELECT max(rowid) FROM run').pluck();
  const unproven = db
    .prepare<[string, number], number>(
      `SELECT count(*) FROM (SELECT 1 FROM run WHERE batch_id = ? AND instr(proof, '"unproven":true') > 0 AND outcome = 'PASS'
         AND NOT EXISTS (SELECT 1 FROM run later WHERE later.serial_number = run.serial_number
           AND later.batch_id = run.batch_id AND later.outcome IS NOT NULL AND later.rowid > run.rowid)
         AND (run.serial_number IS NOT NULL OR NOT EXISTS (SELECT 1 FROM run later WHERE later.unit_id = run.unit_id
           AND later.batch_id = run.batch_id AND later.outcome IS NOT NULL AND later.rowid > run.rowid)) LIMIT ?)`,
    )
    .pluck();

  return {
    /** Units of a batch whose latest run passed unproven; counted up to `most`. */
    countUnproven: (batchId: string, most: number): number => unproven.get(batchId, most) ?? 0,
    /** The number of runs; none is ever deleted. */
    count: () => count.get() ?? 0,
    /**
     * When a run can have begun at the earliest, by it and those shortly before it: rows are in the order of time, also
     * while a clock was years behind. Null when there is no such run.
     */
    getEarliestStartMs: (runId: string) => notBefore.get(runId) ?? null,
    add: (run: NewRun): void => void begin.run({ firmwareSha256: null, ...run }),
    setUnit: (runId: string, unitId: number): void => void setUnit.run(unitId, runId),
    setTriple: (runId: string, tripleId: number | null): void => void setTriple.run(tripleId, runId),
    setProof: (runId: string, proof: IdentityProof): void => void setProof.run(JSON.stringify(proof), runId),
    /** Of the latest runs, those that ended so and were the last of their unit; newest first. */
    listLastFailedWith: (codes: readonly FaultCode[]) =>
      lastEndedWith.all(LATEST, JSON.stringify(codes)).map(reviveRun),
    /** Under which serial number the unit was run last; null when none was ever scanned. */
    findLastSerialNumber: (unitId: number) => lastSerialOf.get(unitId) ?? null,
    /** The same while it had this triple. */
    findLastSerialNumberWith: (unitId: number, tripleId: number) =>
      lastSerialWith.get(unitId, tripleId) ?? null,
    /** Null when there is no such run. The journal covers it from here on. */
    finish(runId: string, at: number, outcome: Outcome, failure: RunFailure | null): FinishedRun | null {
      const row = finish.get(at, outcome, failure === null ? null : JSON.stringify(failure), runId);
      if (row === undefined) return null;
      addToJournal(runId);
      const { batchName, tripleState } = row;
      return { ...reviveRun(row), batchName, tripleState };
    },
    /** One finished attempt of a step with what it measured. Call it inside a transaction. */
    /** @param attachments whose files are durable already */
    addStep(
      runId: string,
      step: StepRow,
      measured: readonly MeasurementRow[],
      attachments: readonly NewAttachment[] = [],
    ): void {
      const { seq, phase, step: name, attempt, outcome, startedAtMs, ms, failure, captured } = step;
      addStep.run(
        runId,
        seq,
        phase,
        name,
        attempt,
        outcome,
        startedAtMs,
        ms,
        failure === null ? null : JSON.stringify(failure),
        captured === undefined ? null : JSON.stringify(captured),
      );
      measured.forEach((m, index) => {
        addMeasurement.run(
          runId,
          seq,
          index,
          m.name,
          JSON.stringify(m.value),
          m.unit,
          m.limits,
          m.outcome,
          m.low ?? null,
          m.high ?? null,
          m.marginal === true ? 1 : 0,
          m.at === undefined || m.at === null ? null : JSON.stringify(m.at),
          m.relative === true ? 1 : 0,
        );
      });
      attachments.forEach(({ name: file, mediaType, bytes, sha256, madeAtMs, madeBy }, index) => {
        addAttachment.run(runId, seq, index, file, mediaType, bytes, sha256, madeAtMs, madeBy);
      });
    },
    /** A run that a crash interrupted is resumed. */
    markResumed: (runId: string): void => void markResumed.run(runId),
    countResumed: (runId: string): number => resumedTimes.get(runId) ?? 0,
    /** Runs whose message the registry has acknowledged since then, in the order of their ids. */
    iterateAcknowledgedSince: (sinceMs: number) => acknowledgedSince.iterate(sinceMs),
    findById: (runId: string) => revive(byId.get(runId)),
    /** Ids that begin so (hex digits and dashes), newest first, at most seven. */
    listIdsStartingWith: (beginning: string): string[] => idsFrom.all(beginning, beginning),
    /** Whether any unit has passed at this station. */
    hasPassed: (): boolean => anyPassed.get() !== undefined,
    /** Newest first. */
    listOfBatch: (batchId: string, limit: number) => ofBatch.all(batchId, limit).map(reviveRun),
    listOfUnit: (unitId: number) => ofUnit.all(unitId).map(reviveRun),
    listOfSerialNumber: (serialNumber: string) => ofSerial.all(serialNumber).map(reviveRun),
    listUnfinished: () => unfinished.all().map(reviveRun),
    findLatestOfSerialNumber: (batchId: string, serialNumber: string) =>
      revive(latestOfSerial.get(batchId, serialNumber)),
    listSteps: (runId: string): StepRow[] =>
      steps.all(runId).map(({ failure, captured, ...row }) => ({
        ...row,
        failure: parseOrNull<RunFailure>(failure),
        ...(captured === null ? {} : { captured: JSON.parse(captured) as Record<string, string> }),
      })),
    listMeasurements: (runId: string): (MeasurementRow & { stepSeq: number })[] =>
      measurements.all(runId).map((row) => ({
        ...row,
        value: JSON.parse(row.value) as MeasuredValue,
        marginal: row.marginal === 1,
        relative: row.relative === 1,
        at: parseOrNull<CurvePoint[]>(row.at),
      })),
  };
}
export type RunRepository = ReturnType<typeof createRunRepository>;

function revive(row: RawRun | undefined): RunRow | null {
  return row === undefined ? null : reviveRun(row);
}

export function reviveRun(row: RawRun): RunRow {
  return {
    ...row,
    proof: parseOrNull<IdentityProof>(row.proof),
    failure: parseOrNull<RunFailure>(row.failure),
  };
}

function parseOrNull<T>(json: string | null): T | null {
  return json === null ? null : (JSON.parse(json) as T);
}
