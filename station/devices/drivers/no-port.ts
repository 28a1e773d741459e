import { NO_PORT } from '#shared/domain/slot-port.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { DevicePort, DevicePorts } from '../../core/platform/index.ts';

/**
 * The ports of slots whose units have Bluetooth only: nothing comes from them, and what is sent to them is a mistake of the
 * recipe.
 */
export function createNoPorts(): DevicePorts {
  return { open: () => Promise.resolve(openNoPort()) };
}

function openNoPort(): DevicePort {
  return {
    path: NO_PORT,
    write: () =>
      Promise.reject(
        new Fault(
          'recipe-invalid',
          'the recipe sends to the port of the unit, and this slot has Bluetooth only',
          {
            hint: 'Take a slot with a port, or a recipe that identifies by device.ble.identify and tests over Bluetooth.',
          },
        ),
      ),
    onData: () => undefined,
    onLost: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
