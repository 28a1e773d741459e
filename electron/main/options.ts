import { homedir } from 'node:os';
import { resolve } from 'node:path';
import {
  defaultDataDir,
  type HostOptions,
  readHostOptions,
  SAMPLE_LINE_VARIABLE,
} from '#shared/host/index.ts';

export interface DesktopOptions extends HostOptions {
  readonly dataDir: string;
  /** The terminal's `start` has put simulated units on every slot. */
  readonly sampleLine: boolean;
}

/**
 * Reads `--data=DIR` and the options of the hardware that all hosts have (`shared/host`); switches of Chromium are ignored. The
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
    ...readHostOptions(argv, env),
  };
}
