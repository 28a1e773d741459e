import { homedir } from 'node:os';
import { resolve } from 'node:path';
import {
  defaultDataDir,
  type HostOptions,
  readHostOptions,
  SAMPLE_LINE_VARIABLE,
} from '#shared/host/index.ts';
import { unitOfArguments } from './deep-link.ts';

export interface DesktopOptions extends HostOptions {
  readonly dataDir: string;
  /** The terminal's `start` has put simulated units on every slot. */
  readonly sampleLine: boolean;
  /** The line window is locked: full screen, without a frame. */
  readonly isKiosk: boolean;
  /** The unit of a link that the program was opened with. */
  readonly unit: string | null;
}

/**
 * Reads `--data=DIR`, `--kiosk`, a link to a unit and the options of the hardware that all hosts have (`shared/host`); switches of Chromium are ignored. The
 * terminal's `start` passes the same options by environment variables.
 */
export function readOptions(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): DesktopOptions {
  const data = argv.findLast((arg) => arg.startsWith('--data='))?.slice('--data='.length);
  return {
    dataDir: resolve(data ?? defaultDataDir(env, platform, homedir())),
    sampleLine: env[SAMPLE_LINE_VARIABLE] === '1',
    isKiosk: argv.includes('--kiosk'),
    unit: unitOfArguments(argv),
    ...readHostOptions(argv, env),
  };
}
