import { Fault } from '#shared/domain/fault.ts';
import { isNoPort } from '#shared/domain/slot-port.ts';
import type {
  BleAdvertisement,
  BleCentral,
  BleSelection,
  BleTaken,
  Clock,
  Log,
} from '../../core/platform/index.ts';
import type { ParsedRecipe } from '../recipes/index.ts';
import { selectionOf, withTake } from '../run-context/index.ts';
import { NearUnits } from './near-units.ts';
import type { Slots } from './slots.ts';

/** One round of listening; several advertisements of each unit come in it. */
const ROUND_MS = 1000;
/** Pause while units do not start by themselves, and after a fault of the adapter. */
const IDLE_MS = 500;
const FAULT_MS = 5000;
/** A unit that was heard a moment ago is taken within this time. */
const TAKE_MS = 1000;
const MAX_SAMPLES = 64;

export interface NearWatcherOptions {
  readonly slots: Pick<Slots, 'state' | 'isFree'>;
  readonly ble: BleCentral;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
  /** Recipe of the selected batch; `null` unless units start on arrival. */
  readonly selectedRecipe: () => ParsedRecipe | null;
  /** Starts a unit on a slot; its run takes it from `centralOf(slot)`. */
  readonly start: (slot: number) => void;
}

/**
 * Starts a run on a free slot without a port when a unit appears over Bluetooth: it is strong enough, was heard for a while, leads
 * by the margin of the recipe, and no other slot has it. The unit is taken before its run begins, so that no other slot and no
 * page gets it in between. One arrival is one start, see `NearUnits`.
 */
export class NearWatcher {
  readonly #options: NearWatcherOptions;
  readonly #closing = new AbortController();
  /** Units that were taken for a run that has not identified them yet, by slots. */
  readonly #held = new Map<number, BleTaken>();
  /** Addresses of the units in test, by slots. */
  readonly #inTest = new Map<number, string>();
  readonly #watching: Promise<void>;
  #near: { readonly of: string; readonly units: NearUnits } | null = null;
  /** What was logged last, so that one cause is one line. */
  #logged = '';

  constructor(options: NearWatcherOptions) {
    this.#options = options;
    const isNeeded = options.slots.state.slots.some(({ portPath }) => isNoPort(portPath));
    this.#watching = isNeeded
      ? this.#watch().catch((error: unknown) => {
          if (!this.#closing.signal.aborted) options.log.error('arrival.defect', error, {});
        })
      : Promise.resolve();
  }

  /** The adapter for a run on a slot: it gives the run the unit that has started it, and tells the watcher which unit a run takes. */
  centralOf(slot: number): BleCentral {
    const { ble } = this.#options;
    return withTake(ble, async (selection, limits) => {
      const held = this.#held.get(slot);
      if (held !== undefined && selection.fits(held.advertisement)) {
        this.#held.delete(slot);
        return held;
      }
      const taken = await ble.take(selection, limits);
      this.#began(slot, taken.advertisement.address);
      return taken;
    });
  }

  /** A run on this slot has ended. */
  runEnded(slot: number): void {
    this.#held.get(slot)?.[Symbol.dispose]();
    this.#held.delete(slot);
    const address = this.#inTest.get(slot);
    this.#inTest.delete(slot);
    if (address !== undefined) this.#near?.units.ended(address);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Fault('cancelled', 'the station was closed'));
    await this.#watching;
    for (const slot of [...this.#held.keys()]) this.runEnded(slot);
  }

  async #watch(): Promise<void> {
    const { clock, selectedRecipe } = this.#options;
    const { signal } = this.#closing;
    for (;;) {
      const selection = selectionFor(selectedRecipe());
      if (selection === null) {
        this.#near = null;
        await clock.sleep(IDLE_MS, signal);
        continue;
      }
      const { units } = this.#nearOf(selection);
      try {
        units.round(await this.#listen(selection));
        await this.#startAll(units, selection);
      } catch (error) {
        if (!(error instanceof Fault) || signal.aborted) throw error;
        this.#logOnce('arrival.deaf', { code: error.code, message: error.message });
        await clock.sleep(FAULT_MS, signal);
      }
    }
  }

  /** The units near for this selection; another recipe begins anew, and the units that are in test stay in test. */
  #nearOf(selection: BleSelection): { readonly units: NearUnits } {
    const of = JSON.stringify([selection.key, selection.minRssiDbm, selection.marginDb]);
    if (this.#near?.of === of) return this.#near;
    this.#near = { of, units: new NearUnits(selection) };
    for (const address of this.#inTest.values()) this.#near.units.began(address);
    return this.#near;
  }

  /** Listens for one round. Returns the units that fit, with the median of their strength. Faults: those of `BleCentral.scan`. */
  async #listen(selection: BleSelection): Promise<ReadonlyMap<string, number>> {
    const samples = new Map<string, number[]>();
    const collect = (advertisement: BleAdvertisement): boolean => {
      if (!selection.fits(advertisement)) return false;
      const ofUnit = samples.get(advertisement.address) ?? [];
      if (ofUnit.length < MAX_SAMPLES) ofUnit.push(advertisement.rssiDbm);
      samples.set(advertisement.address, ofUnit);
      return false;
    };
    await this.#options.ble.scan(null, collect, { timeoutMs: ROUND_MS, signal: this.#closing.signal });
    return new Map([...samples].map(([address, values]) => [address, median(values)]));
  }

  /** Starts new units on free slots, the strongest first. */
  async #startAll(units: NearUnits, selection: BleSelection): Promise<void> {
    for (;;) {
      const slot = this.#freeSlot();
      const next = slot === null ? null : units.next();
      if (slot === null || next === null || next.kind === 'none') return;
      if (next.kind === 'several') {
        this.#logOnce('arrival.several', { addresses: next.addresses.slice(0, 8).join(', ') });
        return;
      }
      const { address } = next;
      const taken = await this.#take(address, selection);
      // The page or the desk has the unit, or it has just gone: it does not start before it comes back.
      if (taken === null) units.ended(address);
      else this.#start(slot, taken);
    }
  }

  /** The lowest free slot without a port; `null` for none. */
  #freeSlot(): number | null {
    const { slots } = this.#options;
    const free = slots.state.slots.find(({ slot, portPath }) => isNoPort(portPath) && slots.isFree(slot));
    return free?.slot ?? null;
  }

  async #take(address: string, selection: BleSelection): Promise<BleTaken | null> {
    const { signal } = this.#closing;
    const only: BleSelection = {
      key: address,
      fits: (advertisement) => advertisement.address === address && selection.fits(advertisement),
      minRssiDbm: -Infinity,
      marginDb: 0,
      listenMs: 0,
    };
    try {
      return await this.#options.ble.take(only, { timeoutMs: TAKE_MS, signal });
    } catch (error) {
      if (error instanceof Fault && error.code === 'ble-unseen') return null;
      throw error;
    }
  }

  #start(slot: number, taken: BleTaken): void {
    const { address } = taken.advertisement;
    this.#held.set(slot, taken);
    this.#began(slot, address);
    try {
      this.#options.start(slot);
      this.#logged = '';
    } catch (error) {
      this.runEnded(slot);
      if (!(error instanceof Fault)) throw error;
      this.#options.log.warn('arrival.refused', { slot, address, code: error.code, message: error.message });
    }
  }

  #began(slot: number, address: string): void {
    this.#inTest.set(slot, address);
    this.#near?.units.began(address);
  }

  #logOnce(event: string, details: Readonly<Record<string, string>>): void {
    const line = JSON.stringify([event, details]);
    if (line === this.#logged) return;
    this.#logged = line;
    this.#options.log.warn(event, details);
  }
}

/** `null` for a recipe that does not find its units by what they advertise. */
function selectionFor(parsed: ParsedRecipe | null): BleSelection | null {
  const identify = parsed?.recipe.device.ble?.identify;
  if (parsed === null || identify === undefined) return null;
  return selectionOf(identify, { product: parsed.recipe.product, serialNumber: null });
}

/** Of an even number of values the greater of the two in the middle. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? -Infinity;
}
