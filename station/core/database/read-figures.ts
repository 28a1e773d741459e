import type { Db } from './database.ts';
import { STATION_OUTCOMES } from './run-conditions.ts';
import type { RunFact } from './run-facts.ts';

/** Runs whose figures are read; all conditions together. Hours are whole hours since 1970. */
export interface FigureRange {
  readonly batch: number;
  readonly slot: number | null;
  /** Origins of `fact_origin`; `null` for all. */
  readonly origins: readonly number[] | null;
}
/** All runs of a batch; rows of its first and last one. */
export interface RowRange {
  readonly batch: number;
  readonly firstRow: number;
  readonly lastRow: number;
}
export interface HourRange extends FigureRange {
  readonly fromHour: number;
  /** Not included. */
  readonly toHour: number;
}
/** A part of a batch that is read from the facts of its runs. */
export interface TimeRange extends FigureRange {
  readonly fromMs: number;
  readonly toMs: number;
  /** All runs that were started then are in these rows. */
  readonly firstRow: number;
  readonly lastRow: number;
  /** The last row of the batch. */
  readonly endRow: number;
}

export interface CountedUnits {
  readonly state: number;
  /** When the first run ended, in steps of five minutes. */
  readonly ended: number;
  readonly units: number;
}
export interface CountedRuns {
  readonly outcome: number;
  /** 0 for PASS. */
  readonly cause: number;
  readonly runs: number;
  readonly unnamed: number;
  readonly firstRow: number;
  readonly lastRow: number;
}
export interface MeasuredRun {
  readonly row: number;
  readonly runId: string;
}

/** Which measured runs of a range are read. */
export interface MeasuredPage {
  readonly after: number;
  readonly before: number;
  readonly limit: number;
  readonly order: 'oldest' | 'newest';
  /** Rows that are left out although the first run of their unit is in the range, and rows that are read although it is not. */
  readonly without?: readonly number[];
  readonly also?: readonly number[];
}

const STEP_MS = 300_000;

/** Reads the figures of batches. */
export function createFigureRepository(db: Db) {
  const cells = `batch = :batch AND hour >= :fromHour AND hour < :toHour AND (:slot IS NULL OR slot = :slot)
    AND (:origins IS NULL OR origin IN (SELECT value FROM json_each(:origins)))`;
  const facts = (of: string): string =>
    `${of}.slot = coalesce(:slot, ${of}.slot) AND ${of}.started_at >= :fromMs AND ${of}.started_at < :toMs
     AND (:origins IS NULL OR ${of}.origin IN (SELECT value FROM json_each(:origins)))`;
  const rows = `f.row BETWEEN :firstRow AND :lastRow AND f.batch = :batch`;
  const unitCells = db.prepare<[object], CountedUnits>(
    `SELECT state, ended, sum(units) AS units FROM unit_cell WHERE ${cells} GROUP BY state, ended`,
  );
  const runCells = db.prepare<[object], CountedRuns>(
    `SELECT outcome, cause, sum(runs) AS runs, sum(unnamed) AS unnamed, min(first_row) AS firstRow, max(last_row) AS lastRow
     FROM run_cell WHERE ${cells} GROUP BY outcome, cause`,
  );
  const rowsOfHours = db.prepare<
    [number, number, number],
    { firstRow: number | null; lastRow: number | null }
  >(
    `SELECT min(first_row) AS firstRow, max(last_row) AS lastRow FROM run_cell
     WHERE batch = ? AND hour BETWEEN ? AND ?`,
  );
  const seriesCells = db
    .prepare<[object], string>(
      `SELECT sums FROM series_cell WHERE ${cells} AND hour NOT IN (SELECT value FROM json_each(:exceptHours))`,
    )
    .pluck();
  const units = db.prepare<[object], CountedUnits>(
    `SELECT state, finished_at / ${STEP_MS} AS ended, count(*) AS units FROM run_fact f
     WHERE ${rows} AND f.unit = f.row AND ${facts('f')} GROUP BY 1, 2`,
  );
  const runs = db.prepare<[object], CountedRuns>(
    `SELECT outcome, coalesce(cause, 0) AS cause, count(*) AS runs, sum(unit IS NULL) AS unnamed,
       min(row) AS firstRow, max(row) AS lastRow
     FROM run_fact f WHERE ${rows} AND ${facts('f')} GROUP BY 1, 2`,
  );
  const measuredRuns = (order: 'ASC' | 'DESC') =>
    db.prepare<[object], MeasuredRun>(
      `SELECT f.row AS row, run.run_id AS runId
       FROM run_fact f CROSS JOIN run_fact u ON u.row = f.unit CROSS JOIN run ON run.rowid = f.row
       WHERE f.row BETWEEN :firstRow AND :endRow AND f.batch = :batch AND f.measured = 1
         AND f.row > :after AND f.row < :before
         -- Of this row alone, so that the others are not looked up.
         AND (f.unit BETWEEN :firstRow AND :lastRow OR f.row IN (SELECT value FROM json_each(:also)))
         AND (${facts('u')} AND f.row NOT IN (SELECT value FROM json_each(:without))
           OR f.row IN (SELECT value FROM json_each(:also)))
       ORDER BY f.row ${order} LIMIT :limit`,
    );
  const [oldest, newest] = [measuredRuns('ASC'), measuredRuns('DESC')];
  const begunOutside = db
    .prepare<[object], number>(
      `SELECT DISTINCT f.unit FROM run_fact f CROSS JOIN run_fact u ON u.row = f.unit
       WHERE ${rows} AND f.unit <> f.row AND ${facts('f')} AND NOT (${facts('u')})`,
    )
    .pluck();
  const stationUnits = db
    .prepare<[object], number>(
      `SELECT DISTINCT f.unit FROM run_fact f WHERE ${rows} AND f.unit IS NOT NULL AND f.outcome IN (${STATION_OUTCOMES})`,
    )
    .pluck();
  const runsOfUnits = db.prepare<[object], RunFact>(
    `SELECT row, batch, slot, origin, outcome, cause, started_at AS startedAtMs, finished_at AS finishedAtMs, unit, state,
       measured, '' AS names
     FROM run_fact f WHERE ${rows} AND f.unit IN (SELECT value FROM json_each(:units)) ORDER BY f.row`,
  );
  const durations = db.prepare<[number], { duration: number; runs: number }>(
    'SELECT duration, runs FROM duration_cell WHERE batch = ? ORDER BY duration',
  );
  const durationsIn = db
    .prepare<[object], number>(
      `SELECT finished_at - started_at FROM run_fact f WHERE ${rows} AND outcome = 0
       AND (finished_at - started_at) / 100 BETWEEN :fromTenths AND :toTenths AND ${facts('f')} ORDER BY 1`,
    )
    .pluck();
  const lastEnded = db
    .prepare<[object], number | null>(
      `SELECT max(finished_at) FROM run_fact f WHERE ${rows} AND ${facts('f')}
       AND (:tested = 0 OR f.outcome NOT IN (${STATION_OUTCOMES}))`,
    )
    .pluck();
  const hoursWith = db
    .prepare<[string, string, number, number, number], number>(
      `SELECT hour FROM (SELECT hour, sums ->> ? AS least, sums ->> ? AS most FROM series_cell
         WHERE batch = ? AND slot = 0 AND origin = 0 AND hour >= 0)
       WHERE most >= ? AND least < ?`,
    )
    .pluck();
  const runIds = db.prepare<[string], { row: number; runId: string }>(
    'SELECT rowid AS row, run_id AS runId FROM run WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid',
  );
  const message = db
    .prepare<[number], string | null>(`SELECT failure ->> 'message' FROM run WHERE rowid = ?`)
    .pluck();
  const bound = <T extends FigureRange>(range: T) => ({
    ...range,
    origins: range.origins === null ? null : JSON.stringify(range.origins),
  });
  return {
    /** The rows of the runs that were started in these hours; `null` when there are none. */
    findRows(batch: number, fromHour: number, untilHour: number) {
      const { firstRow = null, lastRow = null } = rowsOfHours.get(batch, fromHour, untilHour) ?? {};
      return firstRow === null || lastRow === null ? null : { firstRow, lastRow };
    },
    listUnitCells: (range: HourRange) => unitCells.all(bound(range)),
    listRunCells: (range: HourRange) => runCells.all(bound(range)),
    /** Sums of measured values, one JSON text for each cell. */
    listSeriesCells: (range: HourRange, exceptHours: readonly number[] = []) =>
      seriesCells.all({ ...bound(range), exceptHours: JSON.stringify(exceptHours) }),
    /** The hours of first runs in which a series has values from `from` until `to`, or may have them. */
    listHoursWith: (batch: number, series: number, from: number, to: number): number[] =>
      hoursWith.all(`$."${series}".values[3]`, `$."${series}".values[4]`, batch, from, to),
    countUnits: (range: TimeRange) => units.all(bound(range)),
    countRuns: (range: TimeRange) => runs.all(bound(range)),
    /** The runs whose measurements count, of units whose first run is in the range. */
    listMeasured: (
      range: TimeRange,
      { order, without = [], also = [], ...page }: MeasuredPage,
    ): MeasuredRun[] =>
      (order === 'oldest' ? oldest : newest).all({
        ...bound(range),
        ...page,
        without: JSON.stringify(without),
        also: JSON.stringify(also),
      }),
    /** The units of which the station ended a run. */
    listStationUnits: (range: RowRange) => stationUnits.all(range),
    /** All runs of some units, in the order of their rows. */
    listRunsOfUnits: (range: RowRange, units: readonly number[]) =>
      runsOfUnits.all({ ...range, units: JSON.stringify(units) }),
    /** First runs of the units that have a later run in the range and their first one outside. */
    listBegunOutside: (range: TimeRange) => begunOutside.all(bound(range)),
    /** Durations of passed runs in tenths of a second, ascending. */
    listDurations: (batch: number) => durations.all(batch),
    /** Durations of passed runs in this range of tenths of a second, ms, ascending. */
    listDurationsIn: (range: TimeRange, fromTenths: number, toTenths: number) =>
      durationsIn.all({ ...bound(range), fromTenths, toTenths }),
    /** When the last of the runs ended, without those that the station ended when only `tested` ones count. */
    getLastEndedMs: (range: TimeRange, tested: boolean): number | null =>
      lastEnded.get({ ...bound(range), tested: Number(tested) }) ?? null,
    /** The ids of the runs in these rows. */
    listRunIds: (rows: readonly number[]) => runIds.all(JSON.stringify(rows)),
    /** The message of the failure of the run in this row. */
    getFailureMessage: (row: number): string => message.get(row) ?? '',
  };
}
export type FigureRepository = ReturnType<typeof createFigureRepository>;
