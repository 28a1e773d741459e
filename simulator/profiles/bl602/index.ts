/** A module JX-12F (智能公元) with the boot ROM of its chip, a BL602. */
import { Bl602BootStage } from '../../parts/bl602/index.ts';
import { BootingDevice } from '../../parts/boot/index.ts';
import type { DeviceProfile } from '../profile.ts';
import { FIRMWARE, WifiVoiceModule } from '../voice-jx12f/wifi-voice-module.ts';

const FLASH_BYTES = 2 * 1024 * 1024;
/** A flash that was never written begins with so many erased bytes. */
const BLANK_BYTES = 0x11000;

export const bl602: DeviceProfile = {
  name: 'bl602',
  factoryFirmware: FIRMWARE.version,
  flashBytes: FLASH_BYTES,
  values: ['adc', 'microphone', 'recognition-ms'],
  ownEcho: true,
  create(context) {
    const { memory, wait, send, setBaudRate, commandStarted, faults, onError } = context;
    if (memory === null) throw new Error('a BL602 needs a flash chip');
    const stage = new Bl602BootStage({
      memory,
      send,
      wait,
      setBaudRate,
      commandStarted,
      isFactory: () => memory.read(0, BLANK_BYTES).every((byte) => byte === 0xff),
      isLocked: () => faults.get('chip-locked') !== null,
      onFirmware: (sha256) => context.flash.writeFirmware(sha256),
    });
    return new BootingDevice(stage, new WifiVoiceModule(context), onError);
  },
};
