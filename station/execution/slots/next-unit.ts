import { Deadline } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { DeviceSettings } from '#shared/recipe/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { SecretMask } from '../../core/secret-mask/index.ts';
import { openDevice } from '../../devices/protocols/index.ts';
import { RunBle } from '../run-context/index.ts';
import type { Slots } from './slots.ts';

/** Limit of time for one identification, and the pause after it. */
const IDENTIFY_MS = 3000;
const PAUSE_MS = 500;

/** `there`: the next unit is on the slot. `same`: the unit before never left. `none`: it left, and no other came. */
export type NextUnit = 'there' | 'same' | 'none';

export interface NextUnitQuestion {
  readonly slot: number;
  readonly device: DeviceSettings;
  /** ProductId of the recipe; units that advertise another one are not taken. */
  readonly product: string;
  /** Chip id of the unit before; `null` when it was not identified. */
  readonly last: string | null;
  readonly timeoutMs: number;
}

/**
 * Waits until the next unit is on a slot: another unit, or the same one after it was away. For recipes without serial
 * numbers, where nothing else distinguishes one unit from the next. Faults: those of `Slots.acquire` and of opening the port, except
 * a missing one; the signal's reason.
 */
export async function nextUnit(
  { platform, slots }: { readonly platform: Platform; readonly slots: Slots },
  { slot, device, product, last, timeoutMs }: NextUnitQuestion,
  signal: AbortSignal,
): Promise<NextUnit> {
  const { clock } = platform;
  const untilMs = clock.monotonicMs() + timeoutMs;
  using acquired = slots.acquire(slot);
  let hasLeft = last === null;
  for (;;) {
    const chipId = await identifyOn(platform, acquired.portPath, { device, product }, signal);
    if (chipId !== null && (hasLeft || chipId !== last)) return 'there';
    hasLeft ||= chipId === null;
    if (clock.monotonicMs() >= untilMs) return hasLeft ? 'none' : 'same';
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** Chip id of the unit on a port; `null` when none answers. */
async function identifyOn(
  { devicePorts, clock, ble: central }: Platform,
  portPath: string,
  { device, product }: Pick<NextUnitQuestion, 'device' | 'product'>,
  signal: AbortSignal,
): Promise<string | null> {
  using deadline = new Deadline(
    msToIdentify(device),
    () => new Fault('device-silent', `no unit answers on ${portPath}`),
    { timer: clock, signal },
  );
  try {
    await using port = await devicePorts.open(portPath, device.serial, deadline.signal);
    // A unit without a port is identified by what it advertises; it is free again when this ends.
    await using gatt = new RunBle({
      ...{ central, device, product, clock },
      serialNumber: () => null,
      chipId: () => null,
      values: () => null,
    });
    const { session } = openDevice(port, device, { clock, mask: new SecretMask(), gatt });
    return (await session.identify(deadline.signal)).chipId;
  } catch (error) {
    throwIfAborted(signal);
    if (error instanceof Fault && meansNoUnit(error)) return null;
    throw error;
  }
}

function msToIdentify({ ble }: DeviceSettings): number {
  if (ble?.identify === undefined) return IDENTIFY_MS;
  return IDENTIFY_MS + ble.identify.withinMs + ble.connectMs + ble.settleMs;
}

/** `ble-ambiguous`: the last unit is being replaced, and both are near. `echo-missing`: units that join their two data lines make the echo themselves. */
function meansNoUnit({ code, class: kind }: Fault): boolean {
  return kind === 'unit' || ['port-missing', 'port-lost', 'echo-missing', 'ble-ambiguous'].includes(code);
}
