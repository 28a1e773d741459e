import type { ActiveFaults } from '../faults/index.ts';

const MS_PER_MINUTE = 60_000;
/** What a drift without a rate does: enough for any value with limits to leave them after a few units. */
const USUAL_PER_RUN = -5;

/** What the fault `drift` makes of the values that a unit measures. Begins anew when the unit's faults change. */
export class Drift {
  readonly #faults: ActiveFaults;
  #runs = 0;
  #readings = 0;
  #sinceMs = performance.now();

  constructor(faults: ActiveFaults) {
    this.#faults = faults;
  }

  begin(): void {
    this.#runs = 0;
    this.#readings = 0;
    this.#sinceMs = performance.now();
  }

  /** The unit got power: that is where a run of it begins. */
  countRun(): void {
    this.#runs++;
  }

  measured(name: string, usual: number): number {
    const fault = this.#faults.get('drift');
    if (fault === null || (fault.value !== '*' && fault.value !== name)) return usual;
    const { by, perRun, perMinute, perReading } = fault;
    const unsaid = [by, perRun, perMinute, perReading].every((rate) => rate === undefined);
    const minutes = (performance.now() - this.#sinceMs) / MS_PER_MINUTE;
    return (
      usual +
      (by ?? 0) +
      (perRun ?? (unsaid ? USUAL_PER_RUN : 0)) * this.#runs +
      (perMinute ?? 0) * minutes +
      (perReading ?? 0) * ++this.#readings
    );
  }
}
