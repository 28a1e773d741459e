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

/**
 * The simulated unit that fits a recipe: by its name, when that begins with the name of a unit, else by its device.
 * `null` when none is known to fit.
 */
export function simulatedUnitOf(recipe: {
  readonly name: string;
  readonly device: { readonly profile: string };
}): SimulatedUnit | null {
  const named = SIMULATED_UNITS.find((unit) => recipe.name.startsWith(unit));
  return named ?? (recipe.device.profile === 'at-module' ? 'at-module' : null);
}
