/** This folder is for reading packages whatever they are: zip, folder or single files, as a list of checked, streamed files. */
export { openSource } from './open-source.ts';
export type { PackageFile, PackageSource } from './package-source.ts';
export { isClutter } from './safe-path.ts';
