import { readFileSync } from 'node:fs';

const FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/**
 * What tells this installation of an operating system from any other: machine-id(5) on Linux. Null where there is none.
 */
export function readMachineId(): string | null {
  for (const file of FILES) {
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (/^[0-9a-f]{32}$/.test(text)) return text;
    } catch {
      // Not there: the next, or nothing.
    }
  }
  return null;
}
