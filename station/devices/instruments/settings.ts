import { Fault } from '#shared/domain/fault.ts';
import { type InstrumentSetting, instrumentSettings, instrumentTitle } from '#shared/domain/instrument.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { ReadableDatabase, WritableDatabase } from '../../core/database/index.ts';
import { isTcpPath, parseTcpPath } from '../drivers/tcp/index.ts';

/** Key in the table `meta`; persisted. */
const INSTRUMENTS = 'instruments';

/** The stored instruments. A stored text of a later version counts as none. */
export function readInstrumentSettings(database: ReadableDatabase): readonly InstrumentSetting[] {
  const text = database.meta.get(INSTRUMENTS);
  return text === null ? [] : (instrumentSettings.safeParse(JSON.parse(text)).data ?? []);
}

/** The named instruments of the station. */
export class InstrumentSettings {
  readonly #database: WritableDatabase;
  readonly #audit: AuditTrail;

  constructor(database: WritableDatabase, audit: AuditTrail) {
    this.#database = database;
    this.#audit = audit;
  }

  all(): readonly InstrumentSetting[] {
    return readInstrumentSettings(this.#database);
  }

  /**
   * Replaces all instruments. The same list again is no change and has no entry in the audit trail. Faults: `bad-input` for
   * two of one name and slot, and for an address that is none.
   */
  set(settings: readonly InstrumentSetting[], by: Actor): void {
    const seen = new Set<string>();
    for (const setting of settings) {
      const title = instrumentTitle(setting);
      if (seen.has(title))
        throw new Fault('bad-input', `there are two instruments ${title}`, {
          hint: 'Give each a name of its own, or a slot of its own.',
          details: { instrument: title },
        });
      seen.add(title);
      if (isTcpPath(setting.address)) parseTcpPath(setting.address);
    }
    const sorted = [...settings].sort(
      (a, b) => a.name.localeCompare(b.name, 'en') || (a.slot ?? 0) - (b.slot ?? 0),
    );
    const [from, to] = [JSON.stringify(this.all()), JSON.stringify(sorted)];
    if (from === to) return;
    this.#database.transaction(() => {
      this.#audit.record(by, 'settings.instruments', INSTRUMENTS, { from, to });
      this.#database.meta.set(INSTRUMENTS, to);
    });
  }
}
