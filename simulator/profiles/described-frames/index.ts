/** A unit that takes an identity in binary frames and shows the SHA-256 of its secret (docs/devices/described-units.md). */
import { DescribedDevice } from '../../parts/described/index.ts';
import type { DeviceProfile } from '../profile.ts';
import { FIRMWARE, IdentityFrames } from './commands.ts';
import { frameOf } from './frame.ts';

const LIMITS = { productId: 16, deviceName: 48, deviceSecret: 44 } as const;
/** Command of the frame that the unit sends when it has booted. */
const READY = 0x00;

export const describedFrames: DeviceProfile = {
  name: 'described-frames',
  factoryFirmware: `GW-FRAMES-1 ${FIRMWARE.version.join('.')}`,
  values: ['vcc'],
  create: (context) =>
    new DescribedDevice(context, {
      firmwareVersion: FIRMWARE.version.join('.'),
      limits: LIMITS,
      banner: frameOf(Buffer.of(READY)),
      requests: new IdentityFrames(),
    }),
};
