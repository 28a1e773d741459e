/** The Wi-Fi voice module JX-12F (智能公元): AT identity and cloud, and a voice module's words, frames and pin beside it. */
import type { DeviceProfile } from '../profile.ts';
import { FIRMWARE, WifiVoiceModule } from './wifi-voice-module.ts';

export const voiceJx12f: DeviceProfile = {
  name: 'voice-jx12f',
  factoryFirmware: FIRMWARE.version,
  values: ['adc', 'microphone', 'recognition-ms'],
  ownEcho: true,
  create: (context) => new WifiVoiceModule(context),
};
