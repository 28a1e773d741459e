import {
  device as deviceShape,
  type DeviceSettings,
  type NvsIdentity,
  takesIdentity,
} from '#shared/recipe/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { NO_PORT } from '#shared/domain/slot-port.ts';
import type { Ledger } from '../identity/index.ts';
import type { BaudRates } from '../execution/baud-rates/index.ts';
import type { Batches } from '../execution/batches/index.ts';
import type { Clock, Platform } from '../core/platform/index.ts';
import {
  type DeviceSession,
  openDevice,
  type RememberedBaudRate,
  type SerialIo,
  UNKNOWN_DEVICE,
  type UnitInfo,
} from '../devices/protocols/index.ts';
import type { ParsedRecipe } from '../execution/recipes/index.ts';
import { Recorder, recordingFile, wrapBle } from '../execution/recording/index.ts';
import { concealSecretOfChip, RunBle } from '../execution/run-context/index.ts';
import type { AcquiredSlot, Slots } from '../execution/slots/index.ts';
import type { NearUnit } from './nearby/index.ts';
import type { WritableDatabase, UnitRow } from '../core/database/index.ts';

/** Settings when the station has no batch at all. */
const DEFAULT_DEVICE: DeviceSettings = deviceShape.parse({
  profile: 'at-module',
  serial: { baudRate: 115_200, commandTimeoutMs: 5000 },
});

/** How long a unit may take until it answers after it was flashed. */
const START_LIMIT_MS = 30_000;
const START_PAUSE_MS = 500;

/** A slot whose port is open, before its unit is identified. */
export interface OpenedSlot {
  readonly session: DeviceSession;
  readonly serial: SerialIo;
  /** The speed of transfers that is remembered for the slot. */
  readonly baudRates: RememberedBaudRate;
  /** Shows the progress of a transfer at the slot; `null` when it has ended. */
  readonly showTransfer: AcquiredSlot['showTransfer'];
  /** The recipe of the selected batch; `null` without a batch. */
  readonly recipe: ParsedRecipe | null;
  readonly returnId: string;
  /** Called with the chip id before the application of the unit starts. */
  readonly onChip: (chipId: string) => Promise<void>;
}

/** Work before the identification; what it returns is called with the chip id, or with `null` when the unit did not answer. */
export type Prepare = (opened: OpenedSlot, signal: AbortSignal) => Promise<(chipId: string | null) => void>;

export interface IdentifyWays {
  /** Given: the unit's recipe is not known, and its flash is read; see `openScan`. */
  readonly scan?: readonly NvsIdentity[] | undefined;
  /** The recipe of this unit, where it is not that of the selected batch. */
  readonly recipe?: ParsedRecipe | undefined;
  readonly prepare?: Prepare | undefined;
}

/** How a unit is read as a recipe says. */
export type ReadWays = Pick<IdentifyWays, 'prepare' | 'recipe'>;

export interface IdentifyOptions {
  readonly database: WritableDatabase;
  readonly ledger: Ledger;
  readonly platform: Platform;
  readonly slots: Slots;
  readonly baudRates: BaudRates;
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
 * Opens the port of a slot, identifies its unit, and closes the port after `work`; or identifies a unit that is near over Bluetooth, which
 * has no port. All bytes are recorded, as in a run.
 * Faults: `slot-unknown`, `slot-busy`, `slot-unacknowledged`, `unit-on-two-slots`, `recipe-changed`, `recipe-invalid`, those of
 * `Recorder` (`disk-full`, `disk-read-only`, `disk-failing`, `file-denied`), of opening a port, of `DeviceSession.identify`,
 * of `DeviceSession.requireOneIdentity` and of `work`.
 */
export async function identifyOnSlot<T>(
  { database, ledger, platform, slots, baudRates, batches }: IdentifyOptions,
  place: number | NearUnit,
  signal: AbortSignal,
  work: (unit: IdentifiedUnit) => Promise<T>,
  { scan, prepare, recipe: given }: IdentifyWays = {},
): Promise<T> {
  const { clock, paths } = platform;
  using acquired = typeof place === 'number' ? slots.acquire(place) : withoutSlot();
  const slot = typeof place === 'number' ? place : null;
  const returnId = platform.random.id();
  const recipe = given ?? (typeof place === 'number' ? recipeOfSlot(batches) : place.recipe);
  const ownDevice = recipe?.recipe.device ?? DEFAULT_DEVICE;
  const device = scan === undefined ? ownDevice : unknownDevice(ownDevice.serial.baudRate);
  const header = {
    returnId,
    ...(typeof place === 'number' ? { slot: place, port: acquired.portPath } : { port: place.address }),
    startedAtMs: clock.nowMs(),
  };
  using recorder = new Recorder(recordingFile(paths.dataDir, returnId), header, clock);
  await using port = await platform.devicePorts.open(acquired.portPath, device.serial, signal);
  let chipId: string | null = null;
  await using gatt = new RunBle({
    central: wrapBle(recorder, typeof place === 'number' ? platform.ble : place.central),
    device,
    product: recipe?.recipe.product ?? '',
    clock,
    serialNumber: () => (chipId === null ? null : (database.units.findByChip(chipId)?.serialNumber ?? null)),
    chipId: () => chipId,
    values: () => session.values,
  });
  const onChip = (id: string): Promise<void> => concealSecretOfChip({ database, ledger, io: recorder }, id);
  const options = { clock, mask: recorder.mask, gatt, scan, onChip };
  const { session, serial } = openDevice(recorder.wrapUnitPort(port), device, options);
  const { portPath, showTransfer } = acquired;
  const remembered: RememberedBaudRate = {
    limit: (wanted) => (slot === null ? wanted : baudRates.limit(slot, portPath, wanted)),
    remember: (begun, succeeded) =>
      slot === null ? undefined : baudRates.remember(slot, portPath, begun, succeeded),
  };
  const opened = { session, serial, baudRates: remembered, showTransfer, recipe, returnId, onChip };
  const prepared = await prepare?.(opened, signal);
  const info = await (prepared === undefined
    ? session.identify(signal)
    : identifyAfter(session, clock, signal).catch((error: unknown) => {
        prepared(null);
        throw error;
      }));
  prepared?.(info.chipId);
  chipId = info.chipId;
  await onChip(chipId);
  using _reserved = slots.reserveUnit(info.chipId, slot);
  const unit = database.transaction(() =>
    database.units.recordSeen(info.chipId, info.model, info.firmwareVersion, clock.nowMs(), info.id ?? null),
  );
  const done = await work({ device: session, info, unit, returnId });
  session.requireOneIdentity();
  return done;
}

/** A unit near has no slot and no port. */
function withoutSlot(): AcquiredSlot {
  return { portPath: NO_PORT, showTransfer: () => undefined, [Symbol.dispose]: () => undefined };
}

/** At the speed of the recipe, at which a unit that has no boot loader is left. */
function unknownDevice(baudRate: number): DeviceSettings {
  return { ...UNKNOWN_DEVICE, serial: { ...UNKNOWN_DEVICE.serial, baudRate } };
}

/** Whether units of a recipe, or else of the selected batch, or else of the newest one, can hold an identity. Faults: those of `Batches.recipeOf`. */
export function canHoldIdentity(batches: Batches, given?: ParsedRecipe): boolean {
  return takesIdentity((given ?? recipeOfSlot(batches))?.recipe.device ?? DEFAULT_DEVICE);
}

/** The recipe of the selected batch, or else of the newest one; `null` without a batch. */
function recipeOfSlot(batches: Batches): ParsedRecipe | null {
  const { active: selected, batches: newestFirst } = batches.state();
  const batch = selected ?? newestFirst[0];
  return batch === undefined ? null : batches.recipeOf(batch.batchId);
}

/** Identifies a unit that starts its new firmware now. Faults: those of `DeviceSession.identify`. */
async function identifyAfter(session: DeviceSession, clock: Clock, signal: AbortSignal): Promise<UnitInfo> {
  const endsMs = clock.monotonicMs() + START_LIMIT_MS;
  for (;;) {
    try {
      return await session.identify(signal);
    } catch (error) {
      const isStarting = error instanceof Fault && error.class === 'unit' && clock.monotonicMs() < endsMs;
      if (!isStarting) throw error;
      await clock.sleep(START_PAUSE_MS, signal);
    }
  }
}
