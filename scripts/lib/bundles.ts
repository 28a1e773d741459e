import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/run-in-place.mjs';
import { makeWhenStale } from './stamp.ts';
import { runTool } from './tool.ts';

/** What is built, each only when its sources changed: the pages, Electron's three bundles, the command line. */
export type BundleName = 'pages' | 'electron' | 'cli';
export const BUNDLE_NAMES: readonly BundleName[] = ['pages', 'electron', 'cli'];

const COMMON = ['shared', 'package.json', 'package-lock.json', 'scripts/vite'];
const CORE = [...COMMON, 'station', 'electron.vite.config.ts'];

const BUNDLES: Readonly<Record<BundleName, { stamp: string; inputs: readonly string[]; config: string }>> = {
  pages: {
    stamp: 'out/pages.stamp',
    inputs: [...COMMON, 'renderer'],
    config: 'scripts/vite/pages.config.ts',
  },
  electron: { stamp: 'out/electron.stamp', inputs: [...CORE, 'electron'], config: 'electron.vite.config.ts' },
  cli: {
    stamp: 'out/cli.stamp',
    inputs: [...CORE, 'cli', 'kiosk', 'registry', 'simulator'],
    config: 'scripts/vite/cli.config.ts',
  },
};

const ENTRY: Readonly<Record<BundleName, string>> = {
  pages: 'renderer/index.html',
  electron: 'electron/main/index.ts',
  cli: 'cli/main.ts',
};

/** @throws Error with the bundler's words when it fails */
export async function ensureBundle(name: BundleName): Promise<'built' | 'fresh' | 'no source'> {
  if (!existsSync(join(ROOT, ENTRY[name]))) return 'no source';
  const { stamp, inputs, config } = BUNDLES[name];
  const built = await makeWhenStale(stamp, inputs, async () => {
    const tool = name === 'electron' ? 'electron-vite' : 'vite';
    const { status, output } = await runTool(
      tool,
      ['build', '--config', config, '--logLevel', 'warn'],
      'keep',
    );
    if (status !== 0) throw new Error(`building ${name} failed:\n${output}`);
  });
  return built ? 'built' : 'fresh';
}
