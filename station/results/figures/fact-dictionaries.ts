import {
  type FailureCause,
  fromBits,
  MAX_PHASES,
  type SeriesNames,
  toBits,
  type UnitState,
} from '#shared/domain/yield/index.ts';
import type {
  CauseRow,
  OriginRow,
  PhaseRow,
  ReadableDatabase,
  UnitStateRow,
} from '../../core/database/index.ts';

/** A table of rows that are known by their content; new ones get the next number. */
class Dictionary<Content, Row extends Content> {
  readonly #ids = new Map<string, number>();
  readonly #key: (content: Content) => string;
  readonly #numbered: (content: Content, id: number) => Row;
  readonly rows = new Map<number, Row>();
  readonly added: Row[] = [];

  constructor(
    stored: readonly (readonly [id: number, row: Row])[],
    key: (content: Content) => string,
    numbered: (content: Content, id: number) => Row,
  ) {
    this.#key = key;
    this.#numbered = numbered;
    for (const [id, row] of stored) {
      this.rows.set(id, row);
      this.#ids.set(key(row), id);
    }
  }

  idOf(content: Content): number {
    const key = this.#key(content);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.rows.size + 1;
    const row = this.#numbered(content, id);
    this.#ids.set(key, id);
    this.rows.set(id, row);
    this.added.push(row);
    return id;
  }
}

/** The numbers that facts use for long values, and new ones that are not stored yet. */
export class FactDictionaries {
  readonly #database: Pick<ReadableDatabase, 'runFacts'>;
  readonly origins;
  readonly causes;
  readonly #states;
  readonly #decoded = new Map<number, UnitState>();
  readonly #phases = new Map<number, Map<string, PhaseRow>>();
  readonly #series = new Map<number, Map<string, number>>();
  readonly #addedPhases = new Map<string, PhaseRow & { readonly batch: number }>();
  readonly addedSeries: { batch: number; series: number; names: string }[] = [];

  constructor(database: Pick<ReadableDatabase, 'runFacts'>) {
    this.#database = database;
    const { runFacts } = database;
    this.origins = new Dictionary<Omit<OriginRow, 'origin'>, OriginRow>(
      runFacts.listOrigins().map((row) => [row.origin, row]),
      ({ station, operator, recipeHash }) => JSON.stringify([station, operator, recipeHash]),
      ({ station, operator, recipeHash }, origin) => ({ origin, station, operator, recipeHash }),
    );
    this.causes = new Dictionary<FailureCause, CauseRow>(
      runFacts.listCauses().map((row) => [row.cause, row]),
      ({ code, phase, step, measurement }) => JSON.stringify([code, phase, step, measurement]),
      (content, cause) => ({ cause, ...content }),
    );
    this.#states = new Dictionary<Omit<UnitStateRow, 'state'>, UnitStateRow>(
      runFacts.listUnitStates().map((row) => [row.state, row]),
      ({ bits, reached, passed }) => `${bits}/${reached}/${passed}`,
      (content, state) => ({ state, ...content }),
    );
  }

  get addedStates(): readonly UnitStateRow[] {
    return this.#states.added;
  }

  get addedPhases(): readonly (PhaseRow & { readonly batch: number })[] {
    return [...this.#addedPhases.values()];
  }

  stateIdOf(state: UnitState): number {
    return this.#states.idOf({ bits: toBits(state), reached: state.reached, passed: state.passed });
  }

  stateOf(id: number): UnitState {
    const known = this.#decoded.get(id);
    if (known !== undefined) return known;
    const { bits = 0, reached = 0, passed = 0 } = this.#states.rows.get(id) ?? {};
    const state = fromBits(bits, reached, passed);
    this.#decoded.set(id, state);
    return state;
  }

  /** The phases of the runs of a batch, by name. */
  phasesOf(batch: number): ReadonlyMap<string, PhaseRow> {
    return this.#phasesOf(batch);
  }

  /** The bit of a phase that a run has at this place; `null` for more phases than there are bits. */
  phaseBit(batch: number, phase: string, place: number): number | null {
    const phases = this.#phasesOf(batch);
    const known = phases.get(phase);
    if (known === undefined && phases.size === MAX_PHASES) return null;
    if (known !== undefined && known.place >= place) return known.bit;
    const row = { bit: known?.bit ?? phases.size, phase, place };
    phases.set(phase, row);
    this.#addedPhases.set(`${batch}/${row.bit}`, { batch, ...row });
    return row.bit;
  }

  /** The number of a series in its batch, from 0, in the order in which they appeared. */
  seriesIdOf(batch: number, names: SeriesNames): number {
    const series = this.#seriesOf(batch);
    const key = JSON.stringify(names);
    const known = series.get(key);
    if (known !== undefined) return known;
    const id = series.size;
    series.set(key, id);
    this.addedSeries.push({ batch, series: id, names: key });
    return id;
  }

  /** The names of all series of a batch by their numbers. */
  seriesNames(batch: number): SeriesNames[] {
    return [...this.#seriesOf(batch).keys()].map((names) => JSON.parse(names) as SeriesNames);
  }

  #phasesOf(batch: number): Map<string, PhaseRow> {
    const known = this.#phases.get(batch);
    if (known !== undefined) return known;
    const read = new Map(this.#database.runFacts.listPhases(batch).map((row) => [row.phase, row]));
    this.#phases.set(batch, read);
    return read;
  }

  #seriesOf(batch: number): Map<string, number> {
    const known = this.#series.get(batch);
    if (known !== undefined) return known;
    const read = new Map(
      this.#database.runFacts.listSeries(batch).map(({ names, series }) => [names, series]),
    );
    this.#series.set(batch, read);
    return read;
  }
}
