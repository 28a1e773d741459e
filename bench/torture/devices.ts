/** The simulated units that a station may have, by the names of their profiles. */
export const DEVICES = [
  'at-module',
  'at-registration',
  'described-full',
  'described-sha256',
  'described-md5',
  'described-crc32',
  'described-bcc',
  'described-name',
  'described-frames',
  'esp32c3',
] as const;
export type TortureDevice = (typeof DEVICES)[number];

/** The family of the simulated units. Those that register themselves are modules like the others. */
export function profileOf(device: TortureDevice): Exclude<TortureDevice, 'at-registration'> {
  return device === 'at-registration' ? 'at-module' : device;
}
