/** An IP camera of Tencent IoT Video (document 001): an AT module, a picture sensor, and a factory console. */
import { AtDevice, ESP8266_FIRMWARE } from '../../parts/at/index.ts';
import { startIotVideo } from '../../parts/iot-video/index.ts';
import type { DeviceContext, DeviceProfile } from '../profile.ts';
import { CAMERA_MODEL } from './model.ts';
import { pictureCommands } from './picture-commands.ts';

const FIRMWARE = {
  ...ESP8266_FIRMWARE,
  hardware: 'GW-CAM-1',
  version: 'QCloud_AT_CAM_v1.0.4',
  flashSize: '8MB',
};
/** Events of a camera in document 001. */
const EVENT_IDS = [1, 2];

export const camera: DeviceProfile = {
  name: 'camera',
  factoryFirmware: FIRMWARE.version,
  values: ['adc', 'luma', 'sharpness'],
  ownEcho: true,
  create: (context: DeviceContext) =>
    new AtDevice(context, {
      firmware: FIRMWARE,
      updatesItself: true,
      start: (session) =>
        startIotVideo(session, {
          model: CAMERA_MODEL,
          eventIds: EVENT_IDS,
          noticeIds: [],
          extend: () => ({ state: () => ({}), commands: pictureCommands }),
        }),
    }),
};
