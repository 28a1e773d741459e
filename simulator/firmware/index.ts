/** Sample firmware packages in the form of a vendor's, of any size and reproducible. */
export { makePackage, type PackageOptions, type SamplePackage } from './make-package.ts';
export { type EspFile, type EspFirmwareOptions, makeEspFirmware } from './esp-firmware.ts';
