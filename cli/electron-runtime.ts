import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { resource } from './program.ts';

const DOWNLOAD_TIMEOUT_MS = 120_000;

export type ElectronRuntime =
  | { readonly kind: 'found'; readonly executable: string }
  /** `why` ends a sentence that says what is done without it. */
  | { readonly kind: 'missing'; readonly why: string };

/** Electron as npm installs it: without its runtime, and with a program that downloads it. */
const PACKAGE = join('node_modules', 'electron');

/** Finds Electron's executable, where ELECTRON_OVERRIDE_DIST_PATH says or where its package keeps it. Never downloads. */
export function findElectron(home = resource(PACKAGE), env = process.env): ElectronRuntime {
  const own = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (own !== undefined && own !== '') {
    const executable = join(own, executableName());
    return existsSync(executable) ? { kind: 'found', executable } : missing(`there is none in ${own}`);
  }
  if (!existsSync(home)) return missing('its package is not installed');
  const executable = join(home, 'dist', executableName());
  return existsSync(executable) ? { kind: 'found', executable } : missing('its runtime is not there');
}

/**
 * As `findElectron`; where only the runtime is missing it says in one line that it downloads it, and tries to. Never
 * fails: without it Gongwei opens in the browser. `ELECTRON_SKIP_BINARY_DOWNLOAD` is heeded.
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

/** Resolves when it has ended, however. */
function runInstaller(install: string, signal: AbortSignal, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [install], { stdio: 'ignore', signal, env });
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}

function missing(why: string): ElectronRuntime {
  return { kind: 'missing', why };
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
