/** Sample firmware packages in the form of a vendor's, of any size and reproducible; images for simulated chips. */
export { makePackage, type PackageOptions, type SamplePackage } from './make-package.ts';
export { ramProgram, sampleImages } from './flash-images.ts';
export { type EspFile, type EspFirmwareOptions, makeEspFirmware } from './esp-firmware.ts';
