/** Sample firmware packages in the form of a vendor's, of any size and reproducible; images for simulated chips. */
export { makePackage, type PackageOptions, type SamplePackage } from './make-package.ts';
export { ramProgram, sampleImages } from './flash-images.ts';
export {
  type EspFile,
  type EspFirmwareOptions,
  makeEspFirmware,
  SAMPLE_CHIPS,
  type SampleChip,
} from './esp-firmware.ts';
export { type ImagePlace, sampleImage } from './sample-image.ts';
export { type PackageMember, writeEspPackage, writePackage, type WrittenPackage } from './write-package.ts';
