import type { AttachmentSource, MediaType } from '#shared/domain/attachment.ts';
import type { ForeignKind } from '#shared/domain/foreign-run.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import type { Db } from './database.ts';

/** One import of runs. */
export interface ForeignSourceRow {
  readonly sourceId: string;
  readonly kind: ForeignKind;
  /** Name of the file or directory, without its folder. */
  readonly name: string;
  readonly runs: number;
  readonly startedAtMs: number;
  readonly importedBy: string;
}

/** An imported run: what it is searched by, its SHA-256 and the whole run as JSON. */
export interface ForeignRunRow {
  readonly runId: string;
  readonly station: string;
  readonly batchId: string;
  readonly batchName: string;
  readonly serialNumber: string | null;
  /** A MAC, a chip id or a serial number of the device, as it is shown. */
  readonly unitId: string | null;
  readonly deviceName: string | null;
  readonly outcome: Outcome;
  readonly failureCode: string | null;
  readonly startedAtMs: number;
  readonly digest: string;
  readonly record: string;
}

/** A file of an imported run. */
export interface ForeignAttachmentRow {
  readonly seq: number;
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly name: string;
  readonly mediaType: MediaType;
  readonly bytes: number;
  readonly sha256: string;
  readonly madeAtMs: number;
  readonly madeBy: AttachmentSource;
  /** 0: the other station did not have the file any more, or had another one. */
  readonly isHere: 0 | 1;
}

/** A complete import. */
export interface ForeignSource extends ForeignSourceRow {
  readonly importedAtMs: number;
}

/** An imported run in a list. */
export interface FoundForeignRun extends Omit<ForeignRunRow, 'digest'> {
  readonly sourceId: string;
}

/** Conditions on imported runs, all of which must hold. */
export interface ForeignRunFilter {
  readonly text?: string | undefined;
  readonly batch?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly outcomes?: readonly Outcome[] | undefined;
  readonly failureCode?: string | undefined;
  readonly station?: string | undefined;
  readonly sourceId?: string | undefined;
  readonly fromAtMs?: number | undefined;
  readonly toAtMs?: number | undefined;
}

/** Runs that a check has met. */
export interface SeenRuns extends Disposable {
  digestOf(runId: string): string | null;
  add(runId: string, digest: string): void;
}

/** A run in the order of starts. */
export interface ForeignRunPosition {
  readonly startedAtMs: number;
  readonly runId: string;
}

const SELECT = `SELECT run_id AS runId, foreign_run.source_id AS sourceId, station, batch_id AS batchId, batch_name AS batchName,
  serial_number AS serialNumber, unit_id AS unitId, device_name AS deviceName, outcome, failure_code AS failureCode,
  foreign_run.started_at AS startedAtMs, record`;
const COMPLETE = 'JOIN foreign_source USING (source_id) WHERE imported_at IS NOT NULL';

/**
 * Imported runs. They never meet the tables of this station's runs: no query of units, identities, batches or messages reads them.
 */
export function createForeignRunRepository(db: Db) {
  const addSource = db.prepare(
    `INSERT INTO foreign_source (source_id, kind, name, runs, started_at, imported_by)
     VALUES (:sourceId, :kind, :name, :runs, :startedAtMs, :importedBy)`,
  );
  const complete = db.prepare('UPDATE foreign_source SET runs = ?, imported_at = ? WHERE source_id = ?');
  const add = db.prepare(
    `INSERT INTO foreign_run (run_id, source_id, station, batch_id, batch_name, serial_number, unit_id, device_name, outcome,
       failure_code, started_at, digest, record)
     VALUES (:runId, :sourceId, :station, :batchId, :batchName, :serialNumber, :unitId, :deviceName, :outcome, :failureCode,
       :startedAtMs, :digest, :record)`,
  );
  const addFile = db.prepare<[ForeignAttachmentRow & { readonly runId: string }]>(
    `INSERT INTO foreign_attachment (run_id, seq, phase, step, attempt, name, media_type, bytes, sha256, made_at, made_by, is_here)
     VALUES (:runId, :seq, :phase, :step, :attempt, :name, :mediaType, :bytes, :sha256, :madeAtMs, :madeBy, :isHere)`,
  );
  const files = db.prepare<[string], ForeignAttachmentRow>(
    `SELECT seq, phase, step, attempt, name, media_type AS mediaType, bytes, sha256, made_at AS madeAtMs, made_by AS madeBy,
       is_here AS isHere
     FROM foreign_attachment WHERE run_id = ? ORDER BY seq`,
  );
  const digestOf = db
    .prepare<[string], string>(`SELECT digest FROM foreign_run ${COMPLETE} AND run_id = ?`)
    .pluck();
  const staged = db.prepare<[string]>('SELECT 1 FROM foreign_run WHERE run_id = ?');
  let seenTables = 0;
  const incomplete = db
    .prepare<[], string>('SELECT source_id FROM foreign_source WHERE imported_at IS NULL')
    .pluck();
  const removeFiles = db.prepare(
    `DELETE FROM foreign_attachment WHERE run_id IN (SELECT run_id FROM foreign_run WHERE source_id = ? LIMIT ?)`,
  );
  const contents = db
    .prepare<[string], string>(
      `SELECT DISTINCT sha256 FROM foreign_attachment JOIN foreign_run USING (run_id) WHERE source_id = ? AND is_here = 1`,
    )
    .pluck();
  const removeSome = db.prepare(
    `DELETE FROM foreign_run WHERE run_id IN (SELECT run_id FROM foreign_run WHERE source_id = ? LIMIT ?)`,
  );
  const removeSource = db.prepare('DELETE FROM foreign_source WHERE source_id = ? AND imported_at IS NULL');
  const byId = db.prepare<[string], FoundForeignRun>(`${SELECT} FROM foreign_run ${COMPLETE} AND run_id = ?`);
  const sources = db.prepare<[], ForeignSource>(
    `SELECT source_id AS sourceId, kind, name, runs, started_at AS startedAtMs, imported_by AS importedBy,
       imported_at AS importedAtMs
     FROM foreign_source WHERE imported_at IS NOT NULL ORDER BY imported_at DESC, source_id`,
  );
  const ofBatch = db.prepare<[string, string, number, string, number], FoundForeignRun>(
    `${SELECT} FROM foreign_run ${COMPLETE} AND (batch_name = ? OR batch_id = ?)
       AND (foreign_run.started_at, run_id) > (?, ?) ORDER BY foreign_run.started_at, run_id LIMIT ?`,
  );
  return {
    addSource: (row: ForeignSourceRow): void => void addSource.run(row),
    /** From here on its runs are seen. */
    completeSource: (sourceId: string, runs: number, atMs: number): void =>
      void complete.run(runs, atMs, sourceId),
    add: (sourceId: string, row: ForeignRunRow): void => void add.run({ ...row, sourceId }),
    addFile: (runId: string, row: ForeignAttachmentRow): void => void addFile.run({ ...row, runId }),
    /** The files of an imported run, in its order. */
    listFiles: (runId: string): ForeignAttachmentRow[] => files.all(runId),
    /** The digest of an imported run; null when there is none with this id. */
    findDigest: (runId: string): string | null => digestOf.get(runId) ?? null,
    /** True for a run of any import, complete or not. */
    isStaged: (runId: string): boolean => staged.get(runId) !== undefined,
    /** Ids and digests of one check, in a temporary table outside of the database file. */
    openSeen(): SeenRuns {
      seenTables += 1;
      const table = `seen_run_${seenTables}`;
      db.exec(
        `CREATE TEMP TABLE ${table} (run_id TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT, WITHOUT ROWID`,
      );
      const find = db.prepare<[string], string>(`SELECT digest FROM temp.${table} WHERE run_id = ?`).pluck();
      const put = db.prepare(`INSERT INTO temp.${table} VALUES (?, ?)`);
      return {
        digestOf: (runId) => find.get(runId) ?? null,
        add: (runId, digest) => void put.run(runId, digest),
        [Symbol.dispose]: () => void db.exec(`DROP TABLE temp.${table}`),
      };
    },
    /** Imports that were cut off. */
    listIncomplete: (): string[] => incomplete.all(),
    /** Digests of the files that an import has copied. */
    listContents: (sourceId: string): string[] => contents.all(sourceId),
    /** Removes at most `limit` runs of an incomplete import; returns how many. */
    removeSome(sourceId: string, limit: number): number {
      removeFiles.run(sourceId, limit);
      return removeSome.run(sourceId, limit).changes;
    },
    removeSource: (sourceId: string): void => void removeSource.run(sourceId),
    findById: (runId: string): FoundForeignRun | null => byId.get(runId) ?? null,
    /** The newest import first. */
    listSources: (): ForeignSource[] => sources.all(),
    /** Runs of a batch of this name or id, oldest first, after a position. */
    listOfBatch: (batchName: string, batchId: string, after: ForeignRunPosition, limit: number) =>
      ofBatch.all(batchName, batchId, after.startedAtMs, after.runId, limit),
    /** The newest runs that match, before a position. */
    find(filter: ForeignRunFilter, before: ForeignRunPosition | null, limit: number): FoundForeignRun[] {
      const { sql, values } = conditionsOf(filter);
      if (before !== null) {
        sql.push('(foreign_run.started_at, run_id) < (?, ?)');
        values.push(before.startedAtMs, before.runId);
      }
      const where = sql.map((condition) => ` AND ${condition}`).join('');
      return db
        .prepare<unknown[], FoundForeignRun>(
          `${SELECT} FROM foreign_run ${COMPLETE}${where}
           ORDER BY foreign_run.started_at DESC, run_id DESC LIMIT ?`,
        )
        .all(...values, limit);
    },
    /** At most `max` matching runs. */
    count(filter: ForeignRunFilter, max: number): number {
      const { sql, values } = conditionsOf(filter);
      const where = sql.map((condition) => ` AND ${condition}`).join('');
      return (
        db
          .prepare<unknown[], number>(
            `SELECT count(*) FROM (SELECT 1 FROM foreign_run ${COMPLETE}${where} LIMIT ?)`,
          )
          .pluck()
          .get(...values, max) ?? 0
      );
    },
  };
}

function conditionsOf(filter: ForeignRunFilter): { readonly sql: string[]; readonly values: unknown[] } {
  const sql: string[] = [];
  const values: unknown[] = [];
  const add = (condition: string, ...bound: readonly unknown[]): void => {
    if (bound.includes(undefined)) return;
    sql.push(condition);
    values.push(...bound);
  };
  const { text } = filter;
  const like = text === undefined ? undefined : `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  add(
    `(serial_number LIKE ? ESCAPE '\\' OR unit_id LIKE ? ESCAPE '\\' OR device_name LIKE ? ESCAPE '\\')`,
    like,
    like,
    like,
  );
  add('(batch_id = ? OR batch_name = ?)', filter.batch, filter.batch);
  add('serial_number = ?', filter.serialNumber);
  add(
    'outcome IN (SELECT value FROM json_each(?))',
    filter.outcomes === undefined ? undefined : JSON.stringify(filter.outcomes),
  );
  add('failure_code = ?', filter.failureCode);
  add('station = ?', filter.station);
  add('foreign_run.source_id = ?', filter.sourceId);
  add('foreign_run.started_at >= ?', filter.fromAtMs);
  add('foreign_run.started_at < ?', filter.toAtMs);
  return { sql, values };
}
