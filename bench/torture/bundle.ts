import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashOf } from '../../scripts/lib/stamp.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const INPUTS = [
  'shared',
  'node-kit',
  'station',
  'registry',
  'simulator',
  'bench/torture',
  'package-lock.json',
];
const HOSTS = ['station-host', 'registry-host', 'simulator-host'] as const;
/** Pure packages of many files; bundled, they load in a third of the time. */
const INLINED = ['zod', 'yaml', '@noble/ciphers', '@noble/hashes'];

/**
 * Bundles each host into one file, because it is started a thousand times. The product's source is not changed and not
 * minified. The folder is named by the hash of the sources: they are bundled once, and a running torture keeps its hosts
 * when the sources change. Returns the folder.
 */
export async function bundleHosts(): Promise<string> {
  const home = join(ROOT, '.cache/torture');
  const folder = join(home, hashOf(INPUTS).slice(0, 16));
  if (existsSync(folder)) return folder;
  const fresh = join(home, `new-${process.pid}`);
  mkdirSync(home, { recursive: true });
  // The bundler is loaded only when there is something to bundle.
  const { build } = await import('vite');
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: INLINED },
    build: {
      ssr: true,
      target: 'node24',
      outDir: fresh,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(HOSTS.map((host) => [host, join(ROOT, `bench/torture/${host}.ts`)])),
        output: { entryFileNames: '[name].mjs' },
      },
    },
  });
  // Another torture may have made the same folder meanwhile.
  if (existsSync(folder)) rmSync(fresh, { recursive: true });
  else renameSync(fresh, folder);
  return folder;
}
