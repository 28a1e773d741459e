import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { resource } from './program.ts';

const DOWNLOAD_TIMEOUT_MS = 120_000;

export type ElectronRuntime =
  | { readonly kind: 'found'; readonly executable: string }
  /** `reason` is the end of a sentence. */
  | { readonly kind: 'missing'; readonly reason: string };

/** The npm package of Electron: without the runtime, with a script that downloads it. */
const PACKAGE = join('node_modules', 'electron');

/** Finds Electron's executable in ELECTRON_OVERRIDE_DIST_PATH, else in its package. Never downloads. */
export function findElectron(home = resource(PACKAGE), env = process.env): ElectronRuntime {
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined && override !== '') {
    const executable = join(override, executableName());
    return existsSync(executable)
      ? { kind: 'found', executable }
      : missing(`there is no executable in ${override}`);
  }
  if (!existsSync(home)) return missing('its package is not installed');
  const executable = join(home, 'dist', executableName());
  return existsSync(executable) ? { kind: 'found', executable } : missing('its runtime is not there');
}

/**
 * As `findElectron`; downloads the runtime if only that is missing, and prints one line before. Never fails: without Electron
 * Gongwei opens in the browser. Respects `ELECTRON_SKIP_BINARY_DOWNLOAD`.
 */
export async function fetchElectron(
  print: (line: string) => void,
  signal: AbortSignal,
  home = resource(PACKAGE),
  env = process.env,
): Promise<ElectronRuntime> {
  const found = findElectron(home, env);
  const install = join(home, 'install.js');
  if (found.kind === 'found' || env['ELECTRON_OVERRIDE_DIST_PATH'] || !existsSync(install)) return found;
  if (env['ELECTRON_SKIP_BINARY_DOWNLOAD'])
    return missing('its runtime is not there, and ELECTRON_SKIP_BINARY_DOWNLOAD forbids to download it');
  print(
    "downloading Electron's runtime, once, about 120 MB, for at most 2 minutes; goes on in the browser without it (--browser does not try)",
  );
  await runInstaller(install, AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]), env);
  const now = findElectron(home, env);
  return now.kind === 'found' ? now : missing('its runtime could not be downloaded');
}

/** Resolves when the script has ended, also when it failed. */
function runInstaller(install: string, signal: AbortSignal, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [install], { stdio: 'ignore', signal, env });
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}

function missing(reason: string): ElectronRuntime {
  return { kind: 'missing', reason };
}

function executableName(): string {
  switch (hostSystem().kind) {
    case 'windows':
      return 'electron.exe';
    case 'macos':
      return join('Electron.app', 'Contents', 'MacOS', 'Electron');
    default:
      return 'electron';
  }
}
