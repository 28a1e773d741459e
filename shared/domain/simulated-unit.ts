/** The simulated units, by the names that `gongwei sim units --profile` takes. */
export const SIMULATED_UNITS = [
  'at-module',
  'voice-jx12f',
  'voice-su63t',
  'voice-ci03t',
  'ci130x',
  'xmodem',
  'bl602',
  'ble-bulb',
  // The name of a recipe may begin with that of several.
  'llsync-secure',
  'llsync-wifi',
  'llsync-ble',
  'llsync',
  'blufi-v2',
  'blufi',
  'tencent-combo',
  'tencent-llsync7',
  'ble-thermometer',
  'camera',
  'picture-lock',
  'video-lock',
  'ampe',
  'described-full',
  'described-sha256',
  'described-md5',
  'described-bcc',
  'described-crc32',
  'described-name',
  'described-frames',
  'described-gatt',
  'esp32c3',
  'esp32s3',
  'esp32',
] as const;
export type SimulatedUnit = (typeof SIMULATED_UNITS)[number];

interface RecipeOfUnit {
  readonly name: string;
  readonly device: {
    readonly profile: string;
    readonly identity?: { readonly nvs?: { readonly chip: string } | undefined } | undefined;
  };
  readonly phases: readonly {
    readonly steps: readonly { readonly verb: string; readonly chip?: string }[];
  }[];
}

/** The unit with a chip; `auto` takes each of the ESP32 family. */
const UNIT_OF_CHIP: Readonly<Partial<Record<string, SimulatedUnit>>> = {
  auto: 'esp32c3',
  esp32: 'esp32',
  esp32c3: 'esp32c3',
  esp32s3: 'esp32s3',
  'su-03t': 'xmodem',
  ci130x: 'ci130x',
  bl602: 'bl602',
};

/**
 * The simulated unit that fits a recipe: by its name, when that begins with the name of a unit, else by the chip that it flashes or
 * whose flash has the identity, else by its device. `null` when none is known to fit.
 */
export function simulatedUnitOf({ name, device, phases }: RecipeOfUnit): SimulatedUnit | null {
  const named = SIMULATED_UNITS.find((unit) => name.startsWith(unit));
  if (named !== undefined) return named;
  const flashes = phases.flatMap(({ steps }) => steps).find(({ verb }) => verb === 'flash');
  const chip = flashes?.chip ?? device.identity?.nvs?.chip;
  const ofChip = chip === undefined ? undefined : UNIT_OF_CHIP[chip];
  return ofChip ?? (device.profile === 'at-module' ? 'at-module' : null);
}
