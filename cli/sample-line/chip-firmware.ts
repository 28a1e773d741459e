import { join } from 'node:path';
import { openRegistryStore } from '#registry';
import { type EspFile, makeEspFirmware, writeEspPackage } from '#simulator';
import type { Station } from '#station';
import { registryDir } from '../data-directories.ts';
import { resource } from '../program.ts';

/** The product of the units with a bare ESP32-C3. */
export const CHIP_PRODUCT = 'GWESP32001';
export const CHIP_PROFILE = 'esp32c3';
/** Path of their recipe. */
export const chipRecipePath = (): string => resource('resources/recipes/esp32c3-nvs.yaml');

/** Makes triples for the chips at the registry in `dir`. */
export function seedChips(dir: string, count: number): void {
  using store = openRegistryStore(registryDir(dir));
  store.seedProduct({ productId: CHIP_PRODUCT, count, prefix: 'esp_' });
}

/**
 * Imports firmware of the chips with this number of bytes of code. Resolves with its SHA-256 and the images that their flash must hold
 * afterwards. Faults: those of `station.firmware.importFrom` and of writing the package into `dir`.
 */
export async function importChipFirmware(
  station: Station,
  { dir, codeBytes }: { readonly dir: string; readonly codeBytes: number },
  by: Parameters<Station['firmware']['importFrom']>[3],
  signal: AbortSignal,
): Promise<{ readonly sha256: string; readonly images: readonly EspFile[] }> {
  const options = { chip: CHIP_PROFILE, version: '1.4.0', codeBytes } as const;
  const folder = join(dir, `firmware-esp32c3-${options.version}`);
  const written = await writeEspPackage(folder, { ...options, productId: CHIP_PRODUCT });
  const { firmware } = await station.firmware.importFrom([written.dir], {}, () => undefined, by, signal);
  return { sha256: firmware.sha256, images: makeEspFirmware(options) };
}
