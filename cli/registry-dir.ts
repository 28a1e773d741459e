import { join } from 'node:path';

/** The registry lives beside a station's data when both are given one directory. */
export function registryDir(dataDir: string): string {
  return join(dataDir, 'registry');
}
