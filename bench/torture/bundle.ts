import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HOSTS = ['station-host', 'registry-host', 'simulator-host'] as const;
/** Pure packages of many files; bundled, they load in a third of the time. */
const INLINED = ['zod', 'yaml', '@noble/ciphers', '@noble/hashes'];

/**
 * Bundles each host into one file, because it is started a thousand times. The product's source is not changed and not
 * minified. The folder is named by content, so that Node's compile cache serves the next torture, too. Returns the
 * folder.
 */
export async function bundleHosts(): Promise<string> {
  const home = join(ROOT, '.cache/torture');
  const fresh = join(home, `new-${process.pid}`);
  mkdirSync(home, { recursive: true });
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
  const hash = createHash('sha256');
  for (const host of HOSTS) hash.update(readFileSync(join(fresh, `${host}.mjs`)));
  const folder = join(home, hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) rmSync(fresh, { recursive: true });
  else renameSync(fresh, folder);
  return folder;
}
