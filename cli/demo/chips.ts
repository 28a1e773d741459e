import { join } from 'node:path';
import { readFileIfThere } from '#node-kit/files/index.ts';
import { openRegistryStore } from '#registry';
import { type EspFile, flashPath, makeEspFirmware, writeEspPackage } from '#simulator';
import type { Station } from '#station';
import { registryDir } from '../data-directories.ts';
import { resource } from '../program.ts';
import { type SimulatedUnits, startSimulatedUnits } from '../sample-line/simulated-units.ts';

/** Units with a bare ESP32-C3: their flash is empty, and their ports have the control lines that lead into the boot loader. */
export interface Chips extends AsyncDisposable {
  readonly simulated: SimulatedUnits;
  readonly productId: string;
  readonly recipePath: string;
}

/** The application has a few KiB, so that the demo stays short. */
const FIRMWARE = { chip: 'esp32c3', version: '1.4.0', codeBytes: 4096 } as const;
const PRODUCT = 'GWESP32001';

/** Faults: those of `startSimulatedUnits`. */
export async function startChips({
  dir,
  units,
  slots,
  serialStart,
}: {
  readonly dir: string;
  readonly units: number;
  readonly slots: number;
  readonly serialStart: number;
}): Promise<Chips> {
  // The ports are not paced: four uploads of a stub for each unit would take a third of the demo.
  const args = ['--profile', 'esp32c3', '--rfc2217', '--serial-start', String(serialStart)];
  const simulated = await startSimulatedUnits({ args, units, slots, flashDir: join(dir, 'chips') });
  return {
    simulated,
    productId: PRODUCT,
    recipePath: resource('resources/recipes/esp32c3-nvs.yaml'),
    [Symbol.asyncDispose]: () => simulated[Symbol.asyncDispose](),
  };
}

/** Makes triples for the chips at the registry in `dir`. */
export function seedChips(dir: string, count: number): void {
  using store = openRegistryStore(registryDir(dir));
  store.seedProduct({ productId: PRODUCT, count, prefix: 'esp_' });
}

/** Imports the firmware of the chips. Resolves with its SHA-256 and the images that their flash must hold afterwards. */
export async function importChipFirmware(
  station: Station,
  dir: string,
  signal: AbortSignal,
): Promise<{ readonly sha256: string; readonly images: readonly EspFile[] }> {
  const written = await writeEspPackage(join(dir, `firmware-esp32c3-${FIRMWARE.version}`), {
    ...FIRMWARE,
    productId: PRODUCT,
  });
  const by = { user: 'demo', role: 'engineer' } as const;
  const { firmware } = await station.firmware.importFrom([written.dir], {}, () => undefined, by, signal);
  return { sha256: firmware.sha256, images: makeEspFirmware(FIRMWARE) };
}

/** The images that the flash of a simulated chip does not hold, by name. */
export function missingImages(flashDir: string, mac: string, images: readonly EspFile[]): readonly string[] {
  const flash = readFileIfThere(flashPath(flashDir, mac, 'flash')) ?? Buffer.alloc(0);
  return images
    .filter(({ offset, bytes }) => !flash.subarray(offset, offset + bytes.length).equals(bytes))
    .map(({ name }) => name);
}
