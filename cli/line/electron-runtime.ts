import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { resource } from '../resources.ts';

const DOWNLOAD_TIMEOUT_MS = 120_000;

export type ElectronRuntime =
  | { readonly kind: 'found'; readonly executable: string }
  | { readonly kind: 'missing'; readonly why: string };

/** Finds Electron's executable: where the environment says, where the package keeps it, or by its own download. */
export function findElectron(): ElectronRuntime {
  const own = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (own !== undefined && own !== '') {
    const executable = join(own, executableName());
    return existsSync(executable)
      ? { kind: 'found', executable }
      : { kind: 'missing', why: `there is none in ${own}` };
  }
  const packaged = resource(join('node_modules', 'electron'));
  if (!existsSync(packaged)) return { kind: 'missing', why: 'its package is not installed' };
  const executable = join(packaged, 'dist', executableName());
  if (existsSync(executable)) return { kind: 'found', executable };
  const install = join(packaged, 'install.js');
  if (existsSync(install))
    spawnSync(process.execPath, [install], { stdio: 'ignore', timeout: DOWNLOAD_TIMEOUT_MS });
  return existsSync(executable)
    ? { kind: 'found', executable }
    : { kind: 'missing', why: 'it could not be downloaded' };
}

function executableName(): string {
  switch (process.platform) {
    case 'win32':
      return 'electron.exe';
    case 'darwin':
      return join('Electron.app', 'Contents', 'MacOS', 'Electron');
    default:
      return 'electron';
  }
}
