/** The simulated units that a station may have, by the names of their profiles. */
export const DEVICES = [
  'at-module',
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
