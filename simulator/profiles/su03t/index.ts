/** The voice module SU-03T (智能公元): a US516P6 chip, which takes its firmware by XMODEM after power-on; no radio. */
import { BootingDevice } from '../../parts/boot/index.ts';
import { VoiceModule, type VoiceModuleKind } from '../../parts/voice/index.ts';
import { versionInImage, XmodemBootStage } from '../../parts/xmodem/index.ts';
import type { Device, DeviceContext, DeviceProfile } from '../profile.ts';

const KIND: VoiceModuleKind = {
  hardware: 'SU-03T',
  firmware: 'jx_su_03t_release_v1.0.3',
  longestFrameBytes: 32,
};
const FLASH_BYTES = 2 * 1024 * 1024;

export const xmodem: DeviceProfile = {
  name: 'xmodem',
  factoryFirmware: KIND.firmware,
  flashBytes: FLASH_BYTES,
  values: ['microphone', 'recognition-ms'],
  create,
};

function create(context: DeviceContext): Device {
  const { memory, wait, send, commandStarted, onError } = context;
  if (memory === null) throw new Error('an SU-03T needs a flash chip');
  const stage = new XmodemBootStage({
    memory,
    send,
    wait,
    commandStarted,
    onFirmware: (sha256) => context.flash.writeFirmware(sha256),
  });
  return new BootingDevice(
    stage,
    new VoiceModule(context, KIND, () => versionInImage(memory) ?? KIND.firmware),
    onError,
  );
}
