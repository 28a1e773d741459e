import { join } from 'node:path';
import { readFileIfThere } from '#node-kit/files/index.ts';
import { type EspFile, flashPath } from '#simulator';
import type { Station } from '#station';
import {
  CHIP_PRODUCT,
  CHIP_PROFILE,
  chipRecipePath,
  importChipFirmware,
} from '../sample-line/chip-firmware.ts';
import { type SimulatedUnits, startSimulatedUnits } from '../sample-line/simulated-units.ts';

/** Units with a bare ESP32-C3: their flash is empty, and their ports have the control lines that lead into the boot loader. */
export interface Chips extends AsyncDisposable {
  readonly simulated: SimulatedUnits;
  readonly productId: string;
  readonly recipePath: string;
}

/** The application has a few KiB, so that the demo stays short. */
const CODE_BYTES = 4096;

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
  const args = ['--profile', CHIP_PROFILE, '--rfc2217', '--serial-start', String(serialStart)];
  const simulated = await startSimulatedUnits({ args, units, slots, flashDir: join(dir, 'chips') });
  return {
    simulated,
    productId: CHIP_PRODUCT,
    recipePath: chipRecipePath(),
    [Symbol.asyncDispose]: () => simulated[Symbol.asyncDispose](),
  };
}

/** Imports the firmware of the chips. Faults: those of `importChipFirmware`. */
export function importDemoFirmware(
  station: Station,
  dir: string,
  signal: AbortSignal,
): ReturnType<typeof importChipFirmware> {
  const by = { user: 'demo', role: 'engineer' } as const;
  return importChipFirmware(station, { dir, codeBytes: CODE_BYTES }, by, signal);
}

/** The images that the flash of a simulated chip does not hold, by name. */
export function missingImages(flashDir: string, mac: string, images: readonly EspFile[]): readonly string[] {
  const flash = readFileIfThere(flashPath(flashDir, mac, 'flash')) ?? Buffer.alloc(0);
  return images
    .filter(({ offset, bytes }) => !flash.subarray(offset, offset + bytes.length).equals(bytes))
    .map(({ name }) => name);
}
