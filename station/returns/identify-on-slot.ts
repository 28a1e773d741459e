import {
  device as deviceShape,
  type DeviceSettings,
  type NvsIdentity,
  takesIdentity,
} from '#shared/recipe/index.ts';
import type { Batches } from '../execution/batches/index.ts';
import type { Platform } from '../core/platform/index.ts';
import { type DeviceSession, openDevice, UNKNOWN_DEVICE, type UnitInfo } from '../devices/protocols/index.ts';
import { Recorder, recordingFile, wrapBle } from '../execution/recording/index.ts';
import { RunBle } from '../execution/run-context/index.ts';
import type { Slots } from '../execution/slots/index.ts';
import type { WritableDatabase, UnitRow } from '../core/database/index.ts';

/** Settings when the station has no batch at all. */
const DEFAULT_DEVICE: DeviceSettings = deviceShape.parse({
  profile: 'at-module',
  serial: { baudRate: 115_200, commandTimeoutMs: 5000 },
});

export interface IdentifyOptions {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly slots: Slots;
  readonly batches: Batches;
}

/** A unit on a slot that has answered `identify`. */
export interface IdentifiedUnit {
  readonly device: DeviceSession;
  readonly info: UnitInfo;
  readonly unit: UnitRow;
  /** Id of the return; also of its recording. */
  readonly returnId: string;
}

/**
 * Opens the port of a slot, identifies its unit, and closes the port after `work`. All bytes are recorded, as in a run.
 * Faults: `slot-unknown`, `slot-busy`, `slot-unacknowledged`, `unit-on-two-slots`, `recipe-changed`, `recipe-invalid`, those of
 * `Recorder` (`disk-full`, `disk-read-only`, `disk-failing`, `file-denied`), of opening a port, of `DeviceSession.identify`
 * and of `work`.
 *
 * @param scan given: the unit's recipe is not known, and its flash is read; see `openScan`
 */
export async function identifyOnSlot<T>(
  { database, platform, slots, batches }: IdentifyOptions,
  slot: number,
  signal: AbortSignal,
  work: (unit: IdentifiedUnit) => Promise<T>,
  scan?: readonly NvsIdentity[],
): Promise<T> {
  const { clock, paths } = platform;
  using acquired = slots.acquire(slot);
  const returnId = platform.random.id();
  const device = scan === undefined ? deviceSettings(batches) : UNKNOWN_DEVICE;
  const header = { returnId, slot, port: acquired.portPath, startedAtMs: clock.nowMs() };
  using recorder = new Recorder(recordingFile(paths.dataDir, returnId), header, clock);
  await using port = await platform.devicePorts.open(acquired.portPath, device.serial, signal);
  let chipId: string | null = null;
  await using gatt = new RunBle({
    central: wrapBle(recorder, platform.ble),
    device,
    serialNumber: () => (chipId === null ? null : (database.units.findByChip(chipId)?.serialNumber ?? null)),
    chipId: () => chipId,
  });
  const options = { clock, mask: recorder.mask, gatt, scan };
  const { session } = openDevice(recorder.wrapUnitPort(port), device, options);
  const info = await session.identify(signal);
  chipId = info.chipId;
  using _reserved = slots.reserveUnit(info.chipId, slot);
  const unit = database.transaction(() =>
    database.units.recordSeen(info.chipId, info.model, info.firmwareVersion, clock.nowMs(), info.id ?? null),
  );
  return await work({ device: session, info, unit, returnId });
}

/** Whether units of the selected batch, or else of the newest one, can hold an identity. Faults: those of `Batches.recipeOf`. */
export function canHoldIdentity(batches: Batches): boolean {
  return takesIdentity(deviceSettings(batches));
}

function deviceSettings(batches: Batches): DeviceSettings {
  const { active: selected, batches: newestFirst } = batches.state();
  const batch = selected ?? newestFirst[0];
  return batch === undefined ? DEFAULT_DEVICE : batches.recipeOf(batch.batchId).recipe.device;
}
