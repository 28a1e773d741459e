import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../setup/lock.mjs';
import { ROOT } from '../setup/run-in-place.mjs';
import { makeWhenStale } from './stamp.ts';
import { runTool } from './tool.ts';

/** The bundles of the product. Each is built only when its sources have changed. */
export const BUNDLE_NAMES = ['pages', 'electron', 'cli'] as const;
/** `dev-pages`: the pages over a mock station, for their tests. */
export type BundleName = (typeof BUNDLE_NAMES)[number] | 'dev-pages';

const COMMON = ['shared', 'package.json', 'package-lock.json', 'scripts/vite', 'tsconfig.base.json'];
const CORE = [...COMMON, 'node-kit', 'station', 'electron.vite.config.ts'];

const BUNDLES: Readonly<Record<BundleName, { stamp: string; inputs: readonly string[]; config: string }>> = {
  pages: {
    stamp: 'out/pages.stamp',
    inputs: [...COMMON, 'renderer', 'manual', 'docs/screens'],
    config: 'renderer/vite.config.ts',
  },
  'dev-pages': {
    stamp: '.cache/dev-pages.stamp',
    inputs: [...COMMON, 'renderer', 'manual', 'docs/screens'],
    config: 'renderer/dev/vite.config.ts',
  },
  electron: {
    stamp: 'out/electron.stamp',
    inputs: [...CORE, 'electron'],
    config: 'electron.vite.config.ts',
  },
  cli: {
    stamp: 'out/cli.stamp',
    inputs: [...CORE, 'cli', 'kiosk', 'registry', 'simulator'],
    config: 'scripts/vite/cli.config.ts',
  },
};

const ENTRY: Readonly<Record<BundleName, string>> = {
  pages: 'renderer/index.html',
  'dev-pages': 'renderer/dev/index.html',
  electron: 'electron/main/index.ts',
  cli: 'cli/main.ts',
};

/**
 * Builds a bundle unless it is up to date. Safe to call from several processes at once.
 *
 * @throws Error with the bundler's output when it fails
 */
export async function ensureBundle(name: BundleName): Promise<'built' | 'fresh' | 'no source'> {
  if (!existsSync(join(ROOT, ENTRY[name]))) return 'no source';
  const { stamp, inputs, config } = BUNDLES[name];
  let built = false;
  await withLock(join(ROOT, `.cache/build-${name}.lock`), `building ${name}`, async () => {
    built = await makeWhenStale(stamp, inputs, async () => {
      const tool = name === 'electron' ? 'electron-vite' : 'vite';
      const { status, output } = await runTool(
        tool,
        ['build', '--config', config, '--logLevel', 'warn'],
        'keep',
      );
      if (status !== 0) throw new Error(`building ${name} failed:\n${output}`);
    });
  });
  return built ? 'built' : 'fresh';
}
