import type { FaultName, FaultNamed, UnitFault } from './catalogue.ts';

/** The current faults of one unit. Devices read them at each use, so that changes take effect at once. */
export class ActiveFaults {
  readonly #faults = new Map<FaultName, UnitFault>();
  readonly #onChange: () => void;

  constructor(faults: readonly UnitFault[] = [], onChange: () => void = () => undefined) {
    for (const fault of faults) this.#faults.set(fault.fault, fault);
    this.#onChange = onChange;
  }

  /** The fault if the unit has it. Its `times` are not reduced. */
  get<N extends FaultName>(name: N): FaultNamed<N> | null {
    return (this.#faults.get(name) as FaultNamed<N> | undefined) ?? null;
  }

  /** The fault if the unit has it. Its `times` are reduced by one. */
  take<N extends FaultName>(name: N): FaultNamed<N> | null {
    const fault = this.get(name);
    if (fault === null || !('times' in fault) || fault.times === undefined) return fault;
    if (fault.times > 1) this.#faults.set(name, { ...fault, times: fault.times - 1 });
    else {
      this.#faults.delete(name);
      this.#onChange();
    }
    return fault;
  }

  /** Adds faults. A fault that exists already gets the new settings. */
  add(faults: readonly UnitFault[]): void {
    for (const fault of faults) this.#faults.set(fault.fault, fault);
    this.#onChange();
  }

  remove(names: readonly FaultName[]): void {
    for (const name of names) this.#faults.delete(name);
    this.#onChange();
  }

  clear(): void {
    this.#faults.clear();
    this.#onChange();
  }

  list(): readonly UnitFault[] {
    return [...this.#faults.values()];
  }
}
