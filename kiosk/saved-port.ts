import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'kiosk.port';

/** The port that the kiosk of this data directory used last; null when none is known. */
export function readSavedPort(dataDir: string): number | null {
  try {
    const port = Number(readFileSync(join(dataDir, FILE), 'utf8'));
    return Number.isInteger(port) && port > 1023 && port <= 65_535 ? port : null;
  } catch {
    return null;
  }
}

/** Throws the errors of the file system. */
export function savePort(dataDir: string, port: number): void {
  const file = join(dataDir, FILE);
  // An existing file would keep its own permissions.
  rmSync(file, { force: true });
  writeFileSync(file, String(port), { mode: 0o600 });
}
