import type { Device, DeviceContext } from '../../profiles/profile.ts';
import { type BluetoothModel, BluetoothSide } from './bluetooth-side.ts';

/** Adds a Bluetooth peripheral to a device when the simulator has Bluetooth. Both get and lose power together. */
export function withBluetooth(device: Device, context: DeviceContext, model: BluetoothModel): Device {
  if (context.radioMedium === null) return device;
  const side = new BluetoothSide(context, context.radioMedium, model);
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
    stimulate: (stimulus) => device.stimulate?.(stimulus) === true,
  };
}
