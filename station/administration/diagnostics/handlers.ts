import type { SectionHandlers } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { Instruments } from '../../devices/instruments/index.ts';
import type { Printer } from '../../results/printing/index.ts';
import type { Slots } from '../../execution/slots/index.ts';
import { requireIdle } from '../reopening/index.ts';
import type { Settings } from '../settings/index.ts';
import type { Yields } from '../../results/yield/index.ts';
import type { Check } from './check.ts';
import { examine } from './examine.ts';

export function doctorHandlers({
  platform,
  settings,
  slots,
  printer,
  printerSettings,
  yields,
  instruments,
}: {
  readonly platform: Platform;
  readonly settings: Settings;
  readonly slots: Slots;
  readonly printer: Printer;
  readonly printerSettings: { get(): unknown };
  readonly yields: Yields;
  readonly instruments: Instruments;
}): SectionHandlers<'doctor'> {
  return {
    'doctor.examine': async ({ thorough }, { signal }) => {
      if (thorough) requireIdle(slots);
      const ports = slots.state.slots.map(({ portPath }) => portPath);
      // Without a stored adapter and without one of the host there is none to be checked.
      const ble =
        settings.hardware().ble === null && !(await isReady(platform, signal)) ? null : platform.ble;
      const asked = printerSettings.get() === null ? null : printer;
      const found: Check[] = [];
      for await (const check of examine(
        platform,
        { ports, ble, thorough, printer: asked, instruments },
        signal,
      ))
        found.push(check);
      const checks = found.map(({ faultClass: _, ...check }) => check);
      return { checks, atMs: platform.clock.nowMs() };
    },
    'doctor.remakeFigures': (_, { by }) => {
      yields.remake(by);
      return {};
    },
  };
}

async function isReady({ ble }: Platform, signal: AbortSignal): Promise<boolean> {
  try {
    await ble.ready(signal);
    return true;
  } catch (error) {
    if (!(error instanceof Fault) || signal.aborted) throw error;
    return false;
  }
}
