import { Fault } from '#shared/domain/fault.ts';
import type { BleCentral } from '../../../core/platform/index.ts';

/** For a station without Bluetooth: says so when a recipe asks for it. */
export function createAbsentBle(): BleCentral {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new Fault('ble-missing', 'this station was started without a Bluetooth adapter', {
        hint: 'Start it with --ble hci, or --ble uart:/dev/ttyACM0 for an adapter on a serial port.',
      }),
    );
  return {
    ready: refuse,
    listen: refuse,
    connect: refuse,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
