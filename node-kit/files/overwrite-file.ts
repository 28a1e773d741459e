import { closeSync, constants, openSync, writeSync } from 'node:fs';

/**
 * Writes a short text over the beginning of a file (mode 0600), which is made when it is not there and never cut: in one
 * sector of a disk (512 bytes) a reader finds the old text or the new one. It is in the hands of the operating system
 * when this returns and is not synced: it outlasts this process, and after a power cut it may be the text before.
 *
 * ```ts
 * overwriteFileSync('/data/station.start', `${startId}\n`);
 * ```
 *
 * Faults: those of the file system, as Node throws them.
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
