import { findDamage } from '#node-kit/sqlite/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { Log } from '../../core/platform/index.ts';

/**
 * Checks a large database after the start of the station, which does not wait for it. Damage ends the starts of units, as
 * damage that a write finds.
 */
export class IntegrityCheck {
  readonly #closing = new AbortController();
  /** Resolves when the check has ended. */
  readonly done: Promise<void>;

  constructor(database: WritableDatabase, log: Log) {
    this.done = database.isChecked ? Promise.resolve() : this.#check(database, log);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.done;
  }

  async #check(database: WritableDatabase, log: Log): Promise<void> {
    const { signal } = this.#closing;
    try {
      const damage = await findDamage(database.file, signal);
      if (damage === null) log.info('database.checked');
      else log.error('database.damaged', database.reportDamage(damage));
    } catch (error) {
      if (!signal.aborted) log.error('database.not-checked', error);
    }
  }
}
