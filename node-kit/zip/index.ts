/** Writes ZIP archives as they are made. */
export { type ZipEntry, writeZip } from './write-zip.ts';
