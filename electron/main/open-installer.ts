import { dirname, join, resolve } from 'node:path';
import { shell } from 'electron';

/**
 * Opens an installer that the core has verified. Only files of the folder `updates` of the data directory are opened.
 * Resolves to false when the operating system did not open it.
 */
export async function openInstaller(path: string, dataDir: string): Promise<boolean> {
  if (dirname(resolve(path)) !== resolve(join(dataDir, 'updates'))) return false;
  return (await shell.openPath(resolve(path))) === '';
}
