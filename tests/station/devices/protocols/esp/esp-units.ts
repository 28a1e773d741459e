import type { DevicePorts } from '../../../../../station/core/platform/index.ts';
import type { Units } from '../../../../kit/units.ts';
import { partitionTable } from '../nvs/flash-fake.ts';
import { EspSocket } from './esp-socket.ts';
import { ScriptedEsp } from './scripted-esp.ts';

/** The address of the chip of `EspUnits`. */
export const ESP_MAC = '24587CD00142';

/** A chip in memory whose flash has a partition table with NVS. */
export function chipWithNvs(mac = ESP_MAC): ScriptedEsp {
  const chip = new ScriptedEsp({ mac });
  chip.flash.set(partitionTable([[1, 2, 0x9000, 0x6000, 'nvs']]), 0x8000);
  return chip;
}

/** A chip on slot 1, in memory; another one may take its place. */
export class EspUnits implements Units {
  readonly chip = chipWithNvs();
  readonly socket = new EspSocket(this.chip);
  readonly slots = [{ slot: 1, portPath: '/dev/socket' }];
  readonly devicePorts: DevicePorts = { open: () => Promise.resolve(this.socket) };
  readonly platform = { devicePorts: this.devicePorts };

  serialOf(): string {
    return 'SN000001';
  }

  chipOf(): string {
    return ESP_MAC;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
