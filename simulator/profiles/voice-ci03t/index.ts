/** The voice module CI-03T (智能公元): a CI1302 chip with words of its own, a pin, and the chip's UART bootloader. */
import { BootingDevice } from '../../parts/boot/index.ts';
import { ChipFlash, Ci130xBootStage } from '../../parts/ci130x/index.ts';
import { VoiceModule, type VoiceModuleKind } from '../../parts/voice/index.ts';
import type { Device, DeviceContext, DeviceProfile } from '../profile.ts';

const KIND: VoiceModuleKind = {
  hardware: 'CI-03T',
  firmware: 'jx_ci_03t_firmware_v1.0.3',
  // The vendor's limit for the user UART of this module.
  longestFrameBytes: 32,
};
/** The flash in the package of a CI1302. */
const FLASH_BYTES = 2 * 1024 * 1024;

export const voiceCi03t: DeviceProfile = {
  name: 'voice-ci03t',
  factoryFirmware: KIND.firmware,
  flashBytes: FLASH_BYTES,
  values: ['microphone', 'recognition-ms'],
  create,
};

/** The same unit by the name of its chip. */
export const ci130x: DeviceProfile = { ...voiceCi03t, name: 'ci130x' };

function create(context: DeviceContext): Device {
  const { mac, memory, wait, send, setBaudRate, commandStarted, onError } = context;
  if (memory === null) throw new Error('a CI130x needs a flash chip');
  const { hardware, firmware } = KIND;
  const flash = new ChipFlash(memory, { mac, hardware, software: firmware }, wait);
  const stage = new Ci130xBootStage({
    flash,
    mac,
    send,
    wait,
    setBaudRate,
    commandStarted,
    onFirmware: async (software, bytes) => {
      if (software !== firmware) await context.flash.writeFirmware(flash.sha256Hex(bytes));
    },
  });
  const module = new VoiceModule(context, KIND, () => flash.tables.bootable()?.software ?? firmware);
  return new BootingDevice(stage, module, onError);
}
