import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'kiosk.port';

/** The port that the kiosk of a data directory had; null when none is known. */
export function lastPort(dataDir: string): number | null {
  try {
    const port = Number(readFileSync(join(dataDir, FILE), 'utf8'));
    return Number.isInteger(port) && port > 1023 && port <= 65_535 ? port : null;
  } catch {
    return null;
  }
}

/** Faults: the system's. */
export function keepPort(dataDir: string, port: number): void {
  const file = join(dataDir, FILE);
  // A file that is there keeps the rights it has.
  rmSync(file, { force: true });
  writeFileSync(file, String(port), { mode: 0o600 });
}
