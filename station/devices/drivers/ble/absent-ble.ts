import { Fault } from '#shared/domain/fault.ts';
import type { BleCentral } from '../../../core/platform/index.ts';

/** Bluetooth of a station without an adapter: every method has the fault `ble-missing`. */
export function createAbsentBle(): BleCentral {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new Fault('ble-missing', 'this station was started without a Bluetooth adapter', {
        hint: 'Start it with --ble hci, or --ble uart:/dev/ttyACM0 for an adapter on a serial port.',
      }),
    );
  return {
    ready: refuse,
    scan: refuse,
    find: refuse,
    take: refuse,
    connect: refuse,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
