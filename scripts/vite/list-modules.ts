import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/** The modules of one bundle: those inside it, and those that it loads at run time. */
export interface BundleModules {
  /** Files from the repository's root, and the bundlers' own modules, which begin with `\0`. */
  readonly inside: readonly string[];
  /** Packages as the code names them, without Node's own. */
  readonly outside: readonly string[];
}

/**
 * Writes the modules of a bundle to `out/modules/NAME.json`, which determines the packaged files and their notices.
 *
 * @param root of the repository; a configuration is bundled itself, so that this file does not know its own path
 */
export function listModules(root: string, name: string): Plugin {
  return {
    name: 'gongwei-list-modules',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
      const own = new Set(chunks.map(({ fileName }) => fileName));
      const modules: BundleModules = {
        inside: sorted(chunks.flatMap(({ moduleIds }) => moduleIds.map((id) => fromRoot(root, id)))),
        outside: sorted(
          chunks
            .flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
            .filter((id) => !own.has(id) && !id.startsWith('node:')),
        ),
      };
      const file = join(root, 'out/modules', `${name}.json`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(modules, null, 1)}\n`);
    },
  };
}

function fromRoot(root: string, id: string): string {
  const [path = ''] = id.split('?', 1);
  return path.startsWith(root) ? relative(root, path).replaceAll(sep, '/') : path;
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
