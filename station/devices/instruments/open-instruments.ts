import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { Clock } from '../../core/platform/index.ts';
import { createInstruments, type Instruments } from './instruments.ts';
import { InstrumentSettings } from './settings.ts';

/** The named instruments of a station, and who has them. */
export interface InstrumentLending {
  readonly instrumentSettings: InstrumentSettings;
  readonly instruments: Instruments;
}

export function openInstruments(
  database: WritableDatabase,
  audit: AuditTrail,
  clock: Clock,
): InstrumentLending {
  const instrumentSettings = new InstrumentSettings(database, audit);
  return { instrumentSettings, instruments: createInstruments(() => instrumentSettings.all(), clock) };
}
