import type { PackageFile } from './source/index.ts';

/** The content of a small file of a package; its size was checked before. Faults: those of `PackageFile.read`. */
export async function readWhole(file: PackageFile, signal: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.read(signal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
