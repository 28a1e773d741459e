import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/run-in-place.mjs';

export type ElectronRuntime = { readonly path: string } | { readonly path: null; readonly reason: string };

const EXECUTABLE: Readonly<Record<string, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** Looks for Electron's runtime where npm's package keeps it, or where ELECTRON_OVERRIDE_DIST_PATH points. Never downloads. */
export function findElectron(): ElectronRuntime {
  const executable = EXECUTABLE[process.platform] ?? 'electron';
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined && override !== '') {
    const path = join(override, executable);
    if (existsSync(path)) return { path };
    return { path: null, reason: `ELECTRON_OVERRIDE_DIST_PATH holds no ${executable}` };
  }
  const home = join(ROOT, 'node_modules/electron');
  const pathFile = join(home, 'path.txt');
  if (existsSync(pathFile)) {
    const path = join(home, 'dist', readFileSync(pathFile, 'utf8'));
    if (existsSync(path)) return { path };
  }
  return { path: null, reason: "Electron's runtime is not installed" };
}
