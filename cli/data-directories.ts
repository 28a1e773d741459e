import { join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { requireStation } from '#station';

/** The data directory of a registry: a folder of the directory that `--data` names, which may also hold a station. */
export function registryDir(dataDir: string): string {
  return join(dataDir, 'registry');
}

/** The directory of the sample line: a folder of the directory that `--data` names. */
export function sampleLineDir(dataDir: string): string {
  return join(dataDir, 'sample-line');
}

/** The data directory of the sample line's station. */
export function sampleStationDir(dataDir: string): string {
  return join(sampleLineDir(dataDir), 'station');
}

/** Faults: those of `requireStation`; the hint of `not-found` names the station of the sample line if there is one. */
export function requireStationIn(dataDir: string): void {
  try {
    requireStation(dataDir);
  } catch (error) {
    const sample = sampleStationDir(dataDir);
    if (!isNotFound(error) || !hasSampleStation(sample)) throw error;
    const hint = `For the station of the sample line, which "start" opens, give --data ${sample}`;
    throw new Fault('not-found', error.message, { hint });
  }
}

export function hasStation(dataDir: string): boolean {
  try {
    requireStation(dataDir);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** The fault of a damaged sample line is reported by the command that names its directory. */
function hasSampleStation(dir: string): boolean {
  try {
    return hasStation(dir);
  } catch {
    return true;
  }
}

function isNotFound(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'not-found';
}
