import type { Device, DeviceContext } from '../../profiles/profile.ts';
import { type BluetoothModel, BluetoothSide } from './bluetooth-side.ts';

/** Adds a Bluetooth side to a device, where the bench has an air; both get and lose power together. */
export function withBluetooth(device: Device, context: DeviceContext, model: BluetoothModel): Device {
  if (context.air === null) return device;
  const side = new BluetoothSide(context, context.air, model);
  model.watch?.(() => side.refresh());
  return {
    powerOn() {
      device.powerOn();
      side.powerOn();
    },
    async powerOff() {
      await Promise.all([device.powerOff(), side.powerOff()]);
    },
    receive: (bytes) => device.receive(bytes),
    sense: (stimulus) => device.sense?.(stimulus) === true,
  };
}
