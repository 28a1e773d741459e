import { z } from 'zod';
import type { Actor } from '#shared/rpc/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';

/** Key in the table `meta`; persisted. */
const KEY = 'slots.baud-rates';

const stored = z.object({
  slot: z.int(),
  /** The port at which it was learned: another cable may do more. */
  place: z.string(),
  baudRate: z.int(),
});
type Stored = z.infer<typeof stored>;

/**
 * The highest speed at which a transfer to the unit of a slot succeeded after errors at a higher one: a long cable or a cheap
 * adapter fails the same for each unit, and each unit would lose the time of these errors.
 */
export class BaudRates {
  readonly #database: WritableDatabase;
  readonly #audit: AuditTrail;

  constructor(database: WritableDatabase, audit: AuditTrail) {
    this.#database = database;
    this.#audit = audit;
  }

  /** The remembered speed of a slot with its present port; `null` when none is. */
  of(slot: number, place: string): number | null {
    return this.#read().find((one) => one.slot === slot && one.place === place)?.baudRate ?? null;
  }

  /** The speed at which a transfer begins: the wanted one, or a lower one that was remembered. */
  limit(slot: number, place: string, wanted: number): number {
    return Math.min(wanted, this.of(slot, place) ?? wanted);
  }

  /** Remembers the speed at which a transfer succeeded, when it is lower than the one at which it began. */
  remember(slot: number, place: string, begun: number, succeeded: number): void {
    if (succeeded >= begun) return;
    const others = this.#read().filter((one) => one.slot !== slot);
    this.#database.transaction(() => this.#write([...others, { slot, place, baudRate: succeeded }]));
  }

  /** Faults: `not-found`. */
  forget(slot: number, by: Actor): void {
    const all = this.#read();
    const others = all.filter((one) => one.slot !== slot);
    if (others.length === all.length)
      throw new Fault('not-found', `no speed is remembered for slot ${slot}`, {
        hint: 'A speed is remembered when a transfer succeeded at a lower one than it began with.',
        details: { slot },
      });
    this.#database.transaction(() => {
      this.#audit.record(by, 'settings.slot', String(slot), { baudRate: null });
      this.#write(others);
    });
  }

  #read(): readonly Stored[] {
    const text = this.#database.meta.get(KEY);
    return text === null ? [] : (z.array(stored).safeParse(JSON.parse(text)).data ?? []);
  }

  #write(all: readonly Stored[]): void {
    this.#database.meta.set(KEY, JSON.stringify(all.toSorted((a, b) => a.slot - b.slot)));
  }
}
