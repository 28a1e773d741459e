/** A door lock with a video stream (document 001): it sleeps to save battery and must be woken before remote unlocking. */
import { AtDevice, ESP8266_FIRMWARE } from '../../parts/at/index.ts';
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import { lockProduct } from '../../parts/lock/index.ts';
import type { DeviceProfile } from '../profile.ts';
import { VIDEO_LOCK_MODEL } from './model.ts';

const FIRMWARE = {
  ...ESP8266_FIRMWARE,
  hardware: 'GW-VLOCK-1',
  version: 'QCloud_AT_VLOCK_v3.0.2',
  flashSize: '8MB',
};

export const videoLock: DeviceProfile = {
  name: 'video-lock',
  factoryFirmware: FIRMWARE.version,
  values: ['adc', 'battery', 'motor-ms', 'motor-ma'],
  ownEcho: true,
  create(context) {
    const kind = { firmware: FIRMWARE, model: VIDEO_LOCK_MODEL, sleeps: true };
    return withBluetooth(new AtDevice(context, lockProduct(context, kind)), context, {
      model: FIRMWARE.hardware,
      firmware: FIRMWARE.version,
    });
  },
};
