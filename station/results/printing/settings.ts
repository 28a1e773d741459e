import { type PrinterSetting, printerSetting } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { ReadableDatabase, WritableDatabase } from '../../core/database/index.ts';

/** Key in the table `meta`; persisted. */
const PRINTER = 'printer';

/** The stored label printer; `null` for none. A stored text of a later version counts as none. */
export function readPrinterSetting(database: ReadableDatabase): PrinterSetting | null {
  const text = database.meta.get(PRINTER);
  return text === null ? null : (printerSetting.safeParse(JSON.parse(text)).data ?? null);
}

/** The label printer of the station. */
export class PrinterSettings {
  readonly #database: WritableDatabase;
  readonly #audit: AuditTrail;

  constructor(database: WritableDatabase, audit: AuditTrail) {
    this.#database = database;
    this.#audit = audit;
  }

  get(): PrinterSetting | null {
    return readPrinterSetting(this.#database);
  }

  /** A value that is set again is no change and has no entry in the audit trail. Faults: `bad-input`. */
  set(setting: PrinterSetting | null, by: Actor): void {
    if (setting !== null) requireAddress(setting.place);
    const [from, to] = [JSON.stringify(this.get()), JSON.stringify(setting)];
    if (from === to) return;
    this.#database.transaction(() => {
      this.#audit.record(by, 'settings.printer', PRINTER, { from, to });
      this.#database.meta.set(PRINTER, to);
    });
  }
}

/** Faults: `bad-input` for a network address without a host or a port. */
function requireAddress(place: string): void {
  if (!place.startsWith('tcp:')) return;
  const url = URL.canParse(place) ? new URL(place) : null;
  if (url !== null && url.hostname !== '' && Number(url.port) > 0 && url.pathname.length <= 1) return;
  throw new Fault('bad-input', `${place} is not the address of a printer`, {
    hint: 'Write it as tcp://host:9100.',
    details: { place },
  });
}
