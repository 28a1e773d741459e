import { closeSync, constants, openSync, writeSync } from 'node:fs';

/**
 * Writes a short text over the beginning of a file (mode 0600); creates the file and never truncates it. Within one sector of
 * a disk (512 bytes) a reader finds the old text or the new one. The text is not synced: it survives this process, and
 * after a power cut the file may have the old text.
 *
 * ```ts
 * overwriteFileSync('/data/station.start', `${startId}\n`);
 * ```
 *
 * Errors: those of the file system.
 *
 * @param text always of the same length, 512 bytes at most
 */
export function overwriteFileSync(path: string, text: string): void {
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    writeSync(fd, text, 0);
  } finally {
    closeSync(fd);
  }
}
