/** A door lock with a picture stream (document 001): it sends a picture of a visitor and is always reachable. */
import { AtDevice, ESP8266_FIRMWARE } from '../../parts/at/index.ts';
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import { iotVideoModel } from '../../parts/iot-video/index.ts';
import { LOCK_PROPERTIES, lockProduct, UNLOCK_REMOTE } from '../../parts/lock/index.ts';
import type { DeviceProfile } from '../profile.ts';

const FIRMWARE = {
  ...ESP8266_FIRMWARE,
  hardware: 'GW-PLOCK-1',
  version: 'QCloud_AT_PLOCK_v2.1.0',
  flashSize: '4MB',
};

/**
 * Properties and actions of document 001; category 595 (lock) is of Tencent's public API pages of IoT Video (CreateProduct);
 * ProductId and events are specific to the sample product.
 */
export const PICTURE_LOCK_MODEL = iotVideoModel(
  'GWPICLOCK1',
  '595',
  { properties: LOCK_PROPERTIES, actions: [UNLOCK_REMOTE] },
  true,
);

export const pictureLock: DeviceProfile = {
  name: 'picture-lock',
  factoryFirmware: FIRMWARE.version,
  values: ['adc', 'battery', 'motor-ms', 'motor-ma'],
  ownEcho: true,
  create(context) {
    const kind = { firmware: FIRMWARE, model: PICTURE_LOCK_MODEL, sleeps: false };
    return withBluetooth(new AtDevice(context, lockProduct(context, kind)), context, {
      model: FIRMWARE.hardware,
      firmware: FIRMWARE.version,
    });
  },
};
