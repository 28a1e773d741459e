/**
 * The Wi-Fi voice module JX-12F (智能公元): a voice module's words, frames and pin, and AT beside them. AT and the thing model
 * of Tencent's cloud are the sample product's own: the module's cloud is 智能公元, whose protocol is not public.
 *
 * The vendor's support pages: it has Bluetooth 5.0 beside Wi-Fi and advertises `JX-12F_` with the last four digits of its MAC
 * as long as it has no Wi-Fi. Its provisioning protocol is not public and not simulated.
 */
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import type { DeviceProfile } from '../profile.ts';
import { FIRMWARE, WifiVoiceModule } from './wifi-voice-module.ts';

export const voiceJx12f: DeviceProfile = {
  name: 'voice-jx12f',
  factoryFirmware: FIRMWARE.version,
  values: ['adc', 'microphone', 'recognition-ms'],
  ownEcho: true,
  create(context) {
    const module = new WifiVoiceModule(context);
    const { network } = module;
    return withBluetooth(module, context, {
      model: FIRMWARE.hardware,
      firmware: FIRMWARE.version,
      name: `JX-12F_${context.mac.replaceAll(':', '').slice(-4)}`,
      light: false,
      advertises: () => !network.joined,
      watch: (changed) => {
        network.onChange = changed;
      },
    });
  },
};
