import { z } from 'zod';
import { Fault } from '#shared/domain/fault.ts';
import { isNoPort } from '#shared/domain/slot-port.ts';
import { MAX_SLOTS } from '#shared/domain/slots.ts';
import { START_MODES, type StartMode } from '#shared/domain/start-mode.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { ReadableDatabase, WritableDatabase } from '../../core/database/index.ts';
import type { SlotConfig } from './slots.ts';

/** Keys in the table `meta`; persisted. */
const PORTS_KEY = 'slots.places';
const START_MODE_KEY = 'slots.start';

/** The port path of each slot; stored as `place` since the first version. */
const storedPorts = z.array(z.object({ slot: z.int(), place: z.string() }));
type StoredPorts = z.infer<typeof storedPorts>;

function readPorts(database: ReadableDatabase): StoredPorts {
  return storedPorts.parse(JSON.parse(database.meta.get(PORTS_KEY) ?? '[]'));
}

/** The slots that a data directory remembers, in their order. */
export function readStoredSlots(database: ReadableDatabase): readonly SlotConfig[] {
  return readPorts(database).map(({ slot, place }) => ({ slot, portPath: place }));
}

/** How units are started in a batch without a start mode of its own. */
export function readStartMode(database: ReadableDatabase): StartMode {
  return START_MODES.find((mode) => mode === database.meta.get(START_MODE_KEY)) ?? 'scan';
}

/** The settings of the slots: their ports, and the start mode of the station. */
export class SlotSettings {
  readonly #database: WritableDatabase;
  readonly #audit: AuditTrail;
  readonly #onStartModeChange: () => void;

  /** @param onStartModeChange called after the start mode was set */
  constructor(database: WritableDatabase, audit: AuditTrail, onStartModeChange: () => void) {
    this.#database = database;
    this.#audit = audit;
    this.#onStartModeChange = onStartModeChange;
  }

  /** In the order of the slots. */
  all(): readonly SlotConfig[] {
    return readStoredSlots(this.#database);
  }

  /** @param portPath USB location of the slot's adapter (`usb:…`), a path, or `NO_PORT`. Faults: `bad-input`. */
  assign(slot: number, portPath: string, by: Actor): void {
    if (slot < 1 || slot > MAX_SLOTS) {
      throw new Fault('bad-input', `${slot} is not a slot`, { hint: `Slots are 1 to ${MAX_SLOTS}.` });
    }
    const others = this.#read().filter((port) => port.slot !== slot);
    const other = isNoPort(portPath) ? undefined : others.find((port) => port.place === portPath);
    if (other !== undefined) {
      throw new Fault('bad-input', `${portPath} is already the port of slot ${other.slot}`, {
        hint: 'Forget that slot first, or choose another port.',
        details: { slot: other.slot },
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
    const port = all.find((stored) => stored.slot === slot);
    if (port === undefined) {
      throw new Fault('slot-unknown', `no port is remembered for slot ${slot}`, {
        hint: '"station slots list" shows the slots that have one.',
        details: { slot },
      });
    }
    this.#database.transaction(() => {
      this.#audit.record(by, 'settings.slot', String(slot), { place: null });
      this.#write(all.filter((stored) => stored !== port));
    });
  }

  /** How units are started in a batch without a start mode of its own. */
  startMode(): StartMode {
    return readStartMode(this.#database);
  }

  setStartMode(mode: StartMode, by: Actor): void {
    this.#database.transaction(() => {
      this.#audit.record(by, 'settings.start', START_MODE_KEY, { mode });
      this.#database.meta.set(START_MODE_KEY, mode);
    });
    this.#onStartModeChange();
  }

  #read(): StoredPorts {
    return readPorts(this.#database);
  }

  #write(all: StoredPorts): void {
    this.#database.meta.set(PORTS_KEY, JSON.stringify(all.toSorted((a, b) => a.slot - b.slot)));
  }
}
