import { Deadline } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { DeviceSettings } from '#shared/recipe/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { SecretMask } from '../../core/secret-mask/index.ts';
import { openDevice } from '../../devices/protocols/index.ts';
import type { Slots } from './slot-bank.ts';

/** How long a unit may take to say who it is, and how long it is then left alone. */
const ASK_MS = 3000;
const PAUSE_MS = 500;

/** `same`: the unit of before never left. `none`: it left, and no other came. */
export type NextUnit = 'there' | 'same' | 'none';

export interface NextUnitQuestion {
  readonly slot: number;
  readonly device: DeviceSettings;
  /** Who was there before; `null` when that one never said. */
  readonly last: string | null;
  readonly withinMs: number;
}

/**
 * Waits until the next unit lies on a slot: another one, or the one of before after it was away. Without serial numbers
 * nothing else tells one unit from the next. Faults: `slot-busy`, `port-denied`, `port-busy`, the signal's reason.
 */
export async function nextUnit(
  { platform, slots }: { readonly platform: Platform; readonly slots: Slots },
  { slot, device, last, withinMs }: NextUnitQuestion,
  signal: AbortSignal,
): Promise<NextUnit> {
  const { clock } = platform;
  const untilMs = clock.monotonicMs() + withinMs;
  using borrowed = slots.borrow(slot);
  let left = last === null;
  for (;;) {
    const who = await whoIsOn(platform, borrowed.portPath, device, signal);
    if (who !== null && (left || who !== last)) return 'there';
    left ||= who === null;
    if (clock.monotonicMs() >= untilMs) return left ? 'none' : 'same';
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** Chip id of the unit on a port; `null` when none answers. */
async function whoIsOn(
  { devicePorts, clock }: Platform,
  portPath: string,
  device: DeviceSettings,
  signal: AbortSignal,
): Promise<string | null> {
  using deadline = new Deadline(
    ASK_MS,
    () => new Fault('device-silent', `nobody answers on ${portPath}`),
    clock,
  );
  const asking = AbortSignal.any([signal, deadline.signal]);
  try {
    await using port = await devicePorts.open(portPath, device.serial, asking);
    const { session } = openDevice(port, device, { clock, mask: new SecretMask() });
    return (await session.identify(asking)).chipId;
  } catch (error) {
    throwIfAborted(signal);
    if (error instanceof Fault && isNobody(error)) return null;
    throw error;
  }
}

/** Some units join their two data lines themselves: without one nothing comes back. */
function isNobody({ code, class: kind }: Fault): boolean {
  return kind === 'unit' || ['port-missing', 'port-lost', 'echo-missing'].includes(code);
}
