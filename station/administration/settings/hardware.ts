import { z } from 'zod';
import { Fault } from '#shared/domain/fault.ts';
import { openStationDatabaseForReading, type ReadableDatabase } from '../../core/database/index.ts';
import { parseAdapter } from '../../devices/drivers/ble/index.ts';

/** Key in the table `meta`; persisted. */
export const HARDWARE = 'hardware';

const hardware = z.object({
  /** Bluetooth adapter for all slots, in the form of `--ble`. */
  ble: z.string().nullable(),
  /** Port of the fixtures' relay board, which all slots share. */
  board: z.string().nullable(),
});

/** The hardware that an engineer chose; what a host was started with takes its place. */
export type Hardware = z.infer<typeof hardware>;

const NONE: Hardware = { ble: null, board: null };

export function hardwareOf(database: ReadableDatabase): Hardware {
  const text = database.meta.get(HARDWARE);
  return text === null ? NONE : (hardware.safeParse(JSON.parse(text)).data ?? NONE);
}

/** The same before the station is opened; none without a station that can be read, which its opening then reports. */
export function readHardware(dataDir: string): Hardware {
  try {
    const database = openStationDatabaseForReading(dataDir);
    try {
      return hardwareOf(database);
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof Fault) return NONE;
    throw error;
  }
}

/** Faults: `bad-input` for an adapter that is none. */
export function checkedHardware({ ble, board }: Hardware): Hardware {
  const chosen = { ble: ble?.trim() || null, board: board?.trim() || null };
  if (chosen.ble !== null) parseAdapter(chosen.ble);
  return chosen;
}
