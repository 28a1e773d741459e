import { readCheckedJson } from '../json/index.ts';
import { type AccessPoint, accessPoints } from './air.ts';

/**
 * Reads the file given to `--wifi`: a JSON list of access points. Faults: `file-missing`, `bad-input` with the position in the
 * file.
 */
export function readWifiFile(path: string): Promise<AccessPoint[]> {
  const hint = 'docs/simulator.md has the form of the file.';
  return readCheckedJson(accessPoints, path, { where: `the file of Wi-Fi networks ${path}`, hint });
}
