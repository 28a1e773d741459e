import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';

/**
 * The content of each file below a directory, by its path below it; compressed files as they were before. The directory may be in
 * use: a file that is renamed meanwhile, as a recording is when it is compressed, is found under its new name.
 */
export function filesBelow(dir: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const before = new Set<string>();
  for (let names = namesBelow(dir); names.some((name) => !before.has(name)); names = namesBelow(dir))
    for (const name of names) {
      if (before.has(name)) continue;
      before.add(name);
      const bytes = readOrNull(join(dir, name));
      if (bytes !== null) files.set(name, name.endsWith('.gz') ? unpacked(bytes) : bytes);
    }
  return files;
}

/** The files below a directory that have one of these texts or byte strings, compressed files included. */
export function filesWith(dir: string, ...parts: readonly (string | Buffer)[]): string[] {
  return [...filesBelow(dir)]
    .filter(([, bytes]) => parts.some((part) => bytes.includes(part)))
    .map(([name]) => name);
}

/** Plain files only: a read of a serial port waits for its unit. */
function namesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)));
}

/** Null for a file that is not there any more. */
function readOrNull(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Also of a file that is being written. */
function unpacked(bytes: Buffer): Buffer {
  return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
}
