import { z } from 'zod';
import { Fault } from '#shared/domain/fault.ts';
import { START_MODES, type StartMode } from '#shared/domain/start-mode.ts';
import type { Actor, AuditTrail } from '../../core/audit-log/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { SlotConfig } from './slot-bank.ts';

const PLACES = 'slots.places';
const START = 'slots.start';
const MOST_SLOTS = 16;

const places = z.array(z.object({ slot: z.int(), place: z.string() }));

/** Which slot is plugged in where, remembered. */
export interface SlotPorts {
  /** In the order of slots. */
  all(): readonly SlotConfig[];
  /** @param place where the slot's port is plugged in, or a path. Faults: `bad-input`. */
  assign(slot: number, place: string, by: Actor): void;
  /** Faults: `slot-unknown`. */
  forget(slot: number, by: Actor): void;
  /** How the units of a batch are started that does not say. */
  startMode(): StartMode;
  setStartMode(mode: StartMode, by: Actor): void;
}

/** @param onStart told after the way in which units are started was changed. */
export function createSlotPorts(
  database: WritableDatabase,
  audit: AuditTrail,
  onStart: () => void,
): SlotPorts {
  const read = (): z.infer<typeof places> => places.parse(JSON.parse(database.meta.get(PLACES) ?? '[]'));
  const write = (all: z.infer<typeof places>): void =>
    database.meta.set(PLACES, JSON.stringify(all.toSorted((a, b) => a.slot - b.slot)));
  return {
    all: () => read().map(({ slot, place }) => ({ slot, portPath: place })),
    assign(slot, place, by) {
      if (slot < 1 || slot > MOST_SLOTS) {
        throw new Fault('bad-input', `${slot} is not a slot`, { hint: `Slots are 1 to ${MOST_SLOTS}.` });
      }
      const others = read().filter((known) => known.slot !== slot);
      const taken = others.find((known) => known.place === place);
      if (taken !== undefined) {
        throw new Fault('bad-input', `${place} is slot ${taken.slot} already`, {
          hint: 'Forget that slot first, or choose another port.',
        });
      }
      database.transaction(() => {
        audit.record(by, 'settings.slot', String(slot), { place });
        write([...others, { slot, place }]);
      });
    },
    forget(slot, by) {
      const all = read();
      const found = all.find((known) => known.slot === slot);
      if (found === undefined) {
        throw new Fault('slot-unknown', `no port is remembered for slot ${slot}`, {
          hint: '"station slots list" shows what is.',
          details: { slot },
        });
      }
      database.transaction(() => {
        audit.record(by, 'settings.slot', String(slot), { place: null });
        write(all.filter((known) => known !== found));
      });
    },
    startMode: () => START_MODES.find((mode) => mode === database.meta.get(START)) ?? 'scan',
    setStartMode(mode, by) {
      database.transaction(() => {
        audit.record(by, 'settings.start', START, { mode });
        database.meta.set(START, mode);
      });
      onStart();
    },
  };
}
