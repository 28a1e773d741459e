/** The voice module CI-03T (智能公元): a CI1302 chip with words of its own, a pin, and the chip's UART bootloader. */
import { VoiceModule, type VoiceModuleKind } from '../../parts/voice/index.ts';
import type { DeviceProfile } from '../profile.ts';

const KIND: VoiceModuleKind = {
  hardware: 'CI-03T',
  firmware: 'jx_ci_03t_firmware_v1.0.3',
  version: [1, 0, 3],
  // The vendor's limit for the user UART of this module.
  longestFrameBytes: 32,
  hasBootloader: true,
};

export const voiceCi03t: DeviceProfile = {
  name: 'voice-ci03t',
  factoryFirmware: KIND.firmware,
  values: ['microphone', 'recognition-ms'],
  create: (context) => new VoiceModule(context, KIND),
};
