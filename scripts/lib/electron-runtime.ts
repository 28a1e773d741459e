import { spawnSync } from 'node:child_process';
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

/**
 * Fetches the runtime with Electron's own installer. It comes from outside the package registries, so this is only
 * for who asked for a window, says so, and gives up after `timeoutMs`.
 */
export function downloadElectron(timeoutMs: number): ElectronRuntime {
  process.stderr.write("gongwei: Electron's runtime is not here; trying to download it (not from npm) …\n");
  const result = spawnSync(process.execPath, [join(ROOT, 'node_modules/electron/install.js')], {
    cwd: ROOT,
    timeout: timeoutMs,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.status === 0) return findElectron();
  const why =
    result.error?.message.includes('ETIMEDOUT') === true
      ? 'it took too long'
      : 'it cannot be reached from here';
  return { path: null, reason: `Electron's runtime could not be downloaded (${why})` };
}
