import { Fault } from '#shared/domain/fault.ts';
import type { ModuleWifi } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** The Wi-Fi of the module on the slot. Faults: `recipe-invalid` for a device without commands for it. */
export function wifiOf({ device }: Pick<RunContext, 'device'>): ModuleWifi {
  if (device.wifi !== undefined) return device.wifi;
  throw new Fault('recipe-invalid', 'this device has no commands for its Wi-Fi');
}
