/** Reads a package, which is a zip, a folder or single files, as a list of checked, streamed files. */
export { openSource } from './open-source.ts';
export type { PackageFile, PackageSource } from './package-source.ts';
export { isClutter } from './safe-path.ts';
