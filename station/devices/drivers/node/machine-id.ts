import { readFileSync } from 'node:fs';

const FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/**
 * Identifies this installation of the operating system: machine-id(5) on Linux. Null where there is none.
 */
export function readMachineId(): string | null {
  for (const file of FILES) {
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (/^[0-9a-f]{32}$/.test(text)) return text;
    } catch {
      // This file is missing: the next one is tried.
    }
  }
  return null;
}

/** Identifies this boot of the computer (random(4) on Linux); null where it cannot be identified. */
export function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
