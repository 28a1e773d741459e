import type { PrinterHealth } from '#shared/contract/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { StationPrinter } from './printer.ts';
import { PrinterWatch } from './printer-watch.ts';
import { PrinterSettings } from './settings.ts';

/** The label printer of a station: its setting, itself, and what it says from time to time. */
export function createPrinting(
  { database, audit, platform }: { database: WritableDatabase; audit: AuditTrail; platform: Platform },
  publish: (health: PrinterHealth) => void,
) {
  const printerSettings = new PrinterSettings(database, audit);
  const printer = new StationPrinter({ platform, setting: () => printerSettings.get() });
  const printerWatch = new PrinterWatch({ printer, isSet: () => printerSettings.get() !== null, publish });
  return { printerSettings, printer, printerWatch };
}
