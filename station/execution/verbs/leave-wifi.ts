import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { wifiOf } from './module-wifi.ts';

/** The module gets back what it had before the run changed its Wi-Fi. Faults: those of `ModuleWifi.leaveAsFound`. */
export function leaveWifi(_step: StepOf<'leave-wifi'>, run: RunContext, signal: AbortSignal): Promise<void> {
  return wifiOf(run).leaveAsFound(signal);
}
