/**
 * The Wi-Fi voice module JX-12F (智能公元): words, frames and output pin of a voice module, and AT commands. AT and the thing
 * model of Tencent's cloud are specific to the sample product: the protocol of the module's cloud 智能公元 is not public.
 *
 * Source of the Bluetooth name: the vendor's support pages. The module advertises `JX-12F_` and the last four digits of its
 * MAC while it has no Wi-Fi. Its provisioning protocol is not public and not simulated.
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
