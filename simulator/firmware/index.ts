/** This module is for firmware packages to try things with: shaped like a vendor's, of any size, reproducible. */
export { makePackage, type PackageOptions, type SamplePackage } from './make-package.ts';
