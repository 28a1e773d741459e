import { z } from 'zod';
import { Fault } from '#shared/domain/fault.ts';
import { START_MODES, type StartMode } from '#shared/domain/start-mode.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { SlotConfig } from './slots.ts';

const PORTS_KEY = 'slots.places';
const START_KEY = 'slots.start';
const MAX_SLOTS = 16;

/** Persisted; `place` is a USB port of the computer, or a path. */
const storedPorts = z.array(z.object({ slot: z.int(), place: z.string() }));
type StoredPorts = z.infer<typeof storedPorts>;

/** The ports of the slots, and how units are started; both are settings of the station. */
export class SlotSettings {
  readonly #database: WritableDatabase;
  readonly #audit: AuditTrail;
  readonly #onStart: () => void;

  constructor(database: WritableDatabase, audit: AuditTrail, onStart: () => void) {
    this.#database = database;
    this.#audit = audit;
    this.#onStart = onStart;
  }

  /** In the order of the slots. */
  all(): readonly SlotConfig[] {
    return this.#read().map(({ slot, place }) => ({ slot, portPath: place }));
  }

  /** @param portPath USB port of the computer that the slot's adapter is plugged into, or a path. Faults: `bad-input`. */
  assign(slot: number, portPath: string, by: Actor): void {
    if (slot < 1 || slot > MAX_SLOTS) {
      throw new Fault('bad-input', `${slot} is not a slot`, { hint: `Slots are 1 to ${MAX_SLOTS}.` });
    }
    const others = this.#read().filter((known) => known.slot !== slot);
    const taken = others.find((known) => known.place === portPath);
    if (taken !== undefined) {
      throw new Fault('bad-input', `${portPath} is slot ${taken.slot} already`, {
        hint: 'Forget that slot first, or choose another port.',
      });
    }
    this.#database.transaction(() => {
      this.#audit.record(by, 'settings.slot', String(slot), { place: portPath });
      this.#write([...others, { slot, place: portPath }]);
    });
  }

  /** Faults: `slot-unknown`. */
  forget(slot: number, by: Actor): void {
    const all = this.#read();
    const found = all.find((known) => known.slot === slot);
    if (found === undefined) {
      throw new Fault('slot-unknown', `no port is remembered for slot ${slot}`, {
        hint: '"station slots list" shows the slots that have one.',
        details: { slot },
      });
    }
    this.#database.transaction(() => {
      this.#audit.record(by, 'settings.slot', String(slot), { place: null });
      this.#write(all.filter((known) => known !== found));
    });
  }

  /** How units are started in a batch that does not say it. */
  startMode(): StartMode {
    return START_MODES.find((mode) => mode === this.#database.meta.get(START_KEY)) ?? 'scan';
  }

  setStartMode(mode: StartMode, by: Actor): void {
    this.#database.transaction(() => {
      this.#audit.record(by, 'settings.start', START_KEY, { mode });
      this.#database.meta.set(START_KEY, mode);
    });
    this.#onStart();
  }

  #read(): StoredPorts {
    return storedPorts.parse(JSON.parse(this.#database.meta.get(PORTS_KEY) ?? '[]'));
  }

  #write(all: StoredPorts): void {
    this.#database.meta.set(PORTS_KEY, JSON.stringify(all.toSorted((a, b) => a.slot - b.slot)));
  }
}
