import { OUTCOMES } from '#shared/domain/outcome.ts';
import {
  afterPhase,
  afterRun,
  failureCauseOf,
  isStationOutcome,
  MAX_SERIES,
  NEW_UNIT,
  phasesOf,
  type SeriesValue,
  seriesValuesOf,
  type UnitState,
  type YieldRunDetail,
} from '#shared/domain/yield/index.ts';
import type {
  BatchFact,
  FactSourceRun,
  PreviousRun,
  ReadableDatabase,
  RunFact,
} from '../../core/database/index.ts';
import { FactDictionaries } from './fact-dictionaries.ts';

export const HOUR_MS = 3_600_000;
export const ENDED_STEP_MS = 300_000;

/** The first run of a unit: where the unit counts. */
export interface FirstRun {
  readonly row: number;
  readonly batch: number;
  readonly slot: number;
  readonly origin: number;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
}

interface Unit {
  readonly first: FirstRun;
  /** Its first run is in this delta. */
  readonly isNew: boolean;
  /** The number of the state that the stored cells have; `null` for a new unit. */
  readonly storedState: number | null;
  state: UnitState;
}

/** A run whose measurements count for its unit. */
export interface MeasuredRunFact {
  readonly row: number;
  readonly runId: string;
  readonly first: FirstRun;
  /** `null` behind the first `keptValues`: they are read again. */
  readonly values: readonly SeriesValue[] | null;
}

/** The run of a fact, with the first run of its unit. */
export interface AddedRun {
  readonly fact: RunFact;
  /** `null` for a run with neither chip nor serial number. */
  readonly first: FirstRun | null;
  readonly message: string;
}

/**
 * The facts of runs that are not stored yet, and what they change in the figures. Runs are added in the order of their
 * rows; of each batch all finished runs between the stored ones and the last added one.
 */
export class FactDelta {
  readonly dictionaries: FactDictionaries;
  readonly runs: AddedRun[] = [];
  readonly measured: MeasuredRunFact[] = [];
  readonly batches = new Map<number, BatchFact>();
  readonly #database: Pick<ReadableDatabase, 'runFacts'>;
  readonly #units = new Map<number, Unit>();
  readonly #unitOfRow = new Map<number, number | null>();
  #previous: { readonly of: number; readonly found: PreviousRun | null } | null = null;

  readonly #keptValues: number;

  /** @param keptValues runs whose measured values are kept; those of more take a kilobyte and more each */
  constructor(database: Pick<ReadableDatabase, 'runFacts'>, keptValues = Infinity) {
    this.#database = database;
    this.#keptValues = keptValues;
    this.dictionaries = new FactDictionaries(database);
  }

  /** Units whose state changed. */
  get units(): ReadonlyMap<number, Unit> {
    return this.#units;
  }

  add(run: FactSourceRun, detail: YieldRunDetail): void {
    const { row, batch, slot, outcome, startedAtMs, finishedAtMs, names } = run;
    const { dictionaries } = this;
    const origin = dictionaries.origins.idOf(run);
    const passed = outcome === 'PASS';
    const cause = passed
      ? null
      : dictionaries.causes.idOf(failureCauseOf({ failure: failureOf(run) }, detail));
    const unitRow = this.#findUnit(run);
    this.#unitOfRow.set(row, unitRow);
    let measured: 0 | 1 = 0;
    let first: FirstRun | null = null;
    if (unitRow !== null) {
      const unit =
        unitRow === row
          ? this.#addUnit({ row, batch, slot, origin, startedAtMs, finishedAtMs })
          : this.#loadUnit(unitRow);
      first = unit.first;
      unit.state = this.#phasesAfter(afterRun(unit.state, passed), run, detail);
      if (run.chip !== null) unit.state = { ...unit.state, hasChip: true };
      // Runs that the station interrupted have no complete measurements.
      if (!unit.state.measured && !isStationOutcome(outcome) && outcome !== 'TIMEOUT') {
        measured = 1;
        unit.state = { ...unit.state, measured: true };
        this.#addValues(run, first, detail);
      }
    }
    const fact: RunFact = {
      row,
      batch,
      slot,
      origin,
      outcome: OUTCOMES.indexOf(outcome),
      cause,
      startedAtMs,
      finishedAtMs,
      unit: unitRow,
      state: null,
      measured,
      names,
    };
    this.runs.push({ fact, first, message: run.message ?? '' });
    this.#addToBatch(run);
  }

  #addUnit(first: FirstRun): Unit {
    const unit: Unit = { first, isNew: true, storedState: null, state: NEW_UNIT };
    this.#units.set(first.row, unit);
    return unit;
  }

  #loadUnit(row: number): Unit {
    const known = this.#units.get(row);
    if (known !== undefined) return known;
    const fact = this.#database.runFacts.find(row);
    if (fact === null) throw new Error(`run ${row} has no facts`);
    const unit: Unit = {
      first: fact,
      isNew: false,
      storedState: fact.state,
      state: fact.state === null ? NEW_UNIT : this.dictionaries.stateOf(fact.state),
    };
    this.#units.set(row, unit);
    return unit;
  }

  /** The first run of the run's unit, as `UnitIndex` finds units; the run itself for a new one. */
  #findUnit(run: FactSourceRun): number | null {
    const { chip, serial, batchId, row } = run;
    const { runFacts } = this.#database;
    if (chip === null && serial === null) return null;
    const sameChip = chip === null ? null : runFacts.findRowOfChip(chip, batchId, row);
    if (sameChip !== null) return this.#unitOf(sameChip);
    const sameSerial = serial === null ? null : this.#previousOfSerial(serial, batchId, row);
    const numbered = sameSerial === null ? null : this.#unitOf(sameSerial.row);
    if (numbered === null) return row;
    return chip === null || !this.#loadUnit(numbered).state.hasChip ? numbered : row;
  }

  /** Looked up once for a run, which needs it for its unit and for its batch. */
  #previousOfSerial(serial: string, batchId: string, row: number): PreviousRun | null {
    if (this.#previous?.of !== row) {
      const found = this.#database.runFacts.findPreviousOfSerial(serial, batchId, row);
      this.#previous = { of: row, found };
    }
    return this.#previous.found;
  }

  #unitOf(row: number): number | null {
    const known = this.#unitOfRow.get(row);
    return known === undefined ? (this.#database.runFacts.find(row)?.unit ?? null) : known;
  }

  #phasesAfter(state: UnitState, run: FactSourceRun, { steps }: YieldRunDetail): UnitState {
    let after = state;
    for (const { phase, passed, place } of phasesOf(run, steps)) {
      const bit = this.dictionaries.phaseBit(run.batch, phase, place);
      if (bit !== null) after = afterPhase(after, bit, passed);
    }
    return after;
  }

  #addValues({ row, runId }: FactSourceRun, first: FirstRun, detail: YieldRunDetail): void {
    // Also for values that are not kept, because the series get their numbers here.
    const values = seriesValuesOf(detail).filter(
      ({ names }) => this.dictionaries.seriesIdOf(first.batch, names) < MAX_SERIES,
    );
    const isKept = this.measured.length < this.#keptValues;
    this.measured.push({ row, runId, first, values: isKept ? values : null });
  }

  #addToBatch(run: FactSourceRun): void {
    const { batch, row, finishedAtMs } = run;
    const before = this.batches.get(batch) ?? this.#database.runFacts.findBatch(batch) ?? noRuns(batch, row);
    const wasPassed =
      run.serial === null
        ? this.#database.runFacts.findPassedBefore(run)
        : (this.#previousOfSerial(run.serial, run.batchId, row)?.passed ?? null);
    const isPassed = run.outcome === 'PASS';
    this.batches.set(batch, {
      batch,
      firstRow: Math.min(before.firstRow, row),
      lastRow: Math.max(before.lastRow, row),
      runs: before.runs + 1,
      passed: before.passed + Number(isPassed) - Number(wasPassed === true),
      notPassed: before.notPassed + Number(!isPassed) - Number(wasPassed === false),
      lastEndedAtMs: Math.max(before.lastEndedAtMs, finishedAtMs),
    });
  }
}

function noRuns(batch: number, row: number): BatchFact {
  return { batch, firstRow: row, lastRow: row, runs: 0, passed: 0, notPassed: 0, lastEndedAtMs: 0 };
}

function failureOf({ outcome, code, phase, step, message, measurement }: FactSourceRun) {
  if (outcome === 'PASS') return null;
  return {
    code: code ?? 'internal',
    phase: phase ?? '',
    step: step ?? '',
    message: message ?? '',
    measurement: typeof measurement === 'string' ? measurement : null,
  };
}
