import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface DesktopOptions {
  readonly dataDir: string;
  /** Serial port of each slot, in order. */
  readonly slots: readonly string[];
  /** Bluetooth adapter for all slots, when there is one. */
  readonly ble: string | undefined;
}

/**
 * Reads `--data=DIR`, any number of `--slot=PATH`, and `--ble=ADAPTER`; switches of Chromium are not ours and pass by.
 * The terminal's `start` says the same by GONGWEI_DATA, GONGWEI_SLOTS (one path per line) and GONGWEI_BLE.
 */
export function readOptions(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): DesktopOptions {
  const values = (name: string): string[] =>
    argv.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => arg.slice(name.length + 3));
  const slots = values('slot');
  return {
    dataDir: resolve(values('data').at(-1) ?? defaultDataDir(env, platform)),
    slots: slots.length > 0 ? slots : (env['GONGWEI_SLOTS'] ?? '').split('\n').filter((path) => path !== ''),
    ble: values('ble').at(-1) ?? (env['GONGWEI_BLE'] || undefined),
  };
}

/** Where the terminal keeps it too: both are hosts of the same station. */
function defaultDataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const named = env['GONGWEI_DATA'];
  if (named !== undefined && named !== '') return named;
  switch (platform) {
    case 'win32':
      return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Gongwei');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Gongwei');
    default:
      return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'gongwei');
  }
}
