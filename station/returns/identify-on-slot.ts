import { device as deviceShape, type DeviceSettings } from '#shared/recipe/index.ts';
import type { Batches } from '../execution/batches/index.ts';
import type { Platform } from '../core/platform/index.ts';
import { type DeviceSession, openDevice, type UnitInfo } from '../devices/protocols/index.ts';
import { createRecorder, recordingFile } from '../execution/recording/index.ts';
import type { Slots } from '../execution/slots/index.ts';
import type { WritableDatabase, UnitRow } from '../core/database/index.ts';

/** How a unit is spoken to when no batch says: the profile there is, at its usual speed. */
const USUAL_DEVICE: DeviceSettings = deviceShape.parse({
  profile: 'at-module',
  serial: { baudRate: 115_200, commandTimeoutMs: 5000 },
});

export interface IdentifyParts {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly slots: Slots;
  readonly batches: Batches;
}

/** A unit on a slot that has said who it is. */
export interface IdentifiedUnit {
  readonly device: DeviceSession;
  readonly info: UnitInfo;
  readonly unit: UnitRow;
  /** Names the recording. */
  readonly returnId: string;
}

/**
 * Opens the unit on a slot, recorded like a run, and asks who it is; closes it whatever happens.
 * Faults: `slot-busy`, `slot-unacknowledged`, those of port and device.
 */
export async function identifyOnSlot<T>(
  { database, platform, slots, batches }: IdentifyParts,
  slot: number,
  signal: AbortSignal,
  work: (unit: IdentifiedUnit) => Promise<T>,
): Promise<T> {
  const { clock, paths } = platform;
  using borrowed = slots.borrow(slot);
  const returnId = platform.random.id();
  const device = deviceSettings(batches);
  const header = { return: returnId, slot, port: borrowed.portPath, at: clock.nowMs() };
  using recorder = createRecorder(recordingFile(paths.dataDir, returnId), header, clock);
  await using port = await platform.devicePorts.open(borrowed.portPath, device.serial, signal);
  const { session } = openDevice(recorder.wrap(port), device, {
    clock,
    protect: (forms) => recorder.protect(forms),
  });
  const info = await session.identify(signal);
  using _reserved = slots.reserveUnit(info.chipId, slot);
  const unit = database.transaction(() =>
    database.units.recordSeen(info.chipId, info.model, info.firmwareVersion, clock.nowMs(), info.id ?? null),
  );
  return await work({ device: session, info, unit, returnId });
}

/** Whether units of the batch in hand can hold an identity at all. */
export function takesIdentity(batches: Batches): boolean {
  return deviceSettings(batches).profile !== 'described';
}

function deviceSettings(of: Batches): DeviceSettings {
  const { active, batches } = of.state();
  const batch = active ?? batches[0];
  return batch === undefined ? USUAL_DEVICE : of.recipeOf(batch.batchId).recipe.device;
}
