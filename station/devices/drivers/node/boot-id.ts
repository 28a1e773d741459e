import { readFileSync } from 'node:fs';

/** Identifies this boot of the computer (random(4) on Linux); null where it cannot be identified. */
export function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
