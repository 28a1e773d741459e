import { readFileSync } from 'node:fs';

/** Tells one boot of this computer from the next (random(4) on Linux); null where nothing does. */
export function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
