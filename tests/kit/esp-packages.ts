import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeEspFirmware } from '#simulator';
import { STATION_ITSELF } from '#station';
import { soon } from '../support/patience.ts';
import type { TestStation } from './station.ts';
import type { SimulatedUnits } from './units.ts';

/** The application in the flash of a chip begins here; its version is 48 bytes behind. */
const VERSION_AT = 0x1_0030;
const VERSION_BYTES = 32;

/** Imports the firmware `lamp` of a version for an ESP32-C3 as a package; returns its id. */
export async function importVersion(
  { dir, station }: Pick<TestStation, 'dir' | 'station'>,
  version: string,
): Promise<string> {
  const folder = join(dir, `package-${version}`);
  mkdirSync(folder);
  for (const { name, bytes } of makeEspFirmware({
    chip: 'esp32c3',
    version,
    project: 'lamp',
    codeBytes: 4096,
  }))
    writeFileSync(join(folder, name === 'lamp.bin' ? 'lamp.bin.ota' : name), bytes);
  writeFileSync(join(folder, 'ota_cfg.json'), '{}');
  const by = STATION_ITSELF;
  const { firmware } = await station.firmware.importFrom([folder], {}, () => undefined, by, soon());
  return firmware.firmwareId;
}

/** The version of the application in the flash of the first unit. */
export function versionIn({ simulator }: SimulatedUnits): string {
  const flash = readFileSync(simulator.inner.units[0]?.flash ?? '');
  return flash.toString('latin1', VERSION_AT, VERSION_AT + VERSION_BYTES).replaceAll('\0', '');
}
