/** Bare modules with a chip of the ESP32 family: their flash is empty until a station writes it. */
import { ESP_CHIPS, EspDevice } from '../../parts/esp/index.ts';
import type { DeviceProfile } from '../profile.ts';

const FLASH_BYTES = 4 * 1024 * 1024;

export const espModules: readonly DeviceProfile[] = ESP_CHIPS.map((chip) => ({
  name: chip.name,
  factoryFirmware: '',
  flashBytes: FLASH_BYTES,
  create: (context) => new EspDevice(context, chip),
}));
