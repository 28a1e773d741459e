import { join } from 'node:path';

/** Where the sample line keeps what is its own, below a data directory. */
export function sampleLine(dataDir: string): string {
  return join(dataDir, 'sample-line');
}

/** The data directory of the sample line's station. */
export function sampleStation(dataDir: string): string {
  return join(sampleLine(dataDir), 'station');
}
