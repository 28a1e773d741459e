import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/** The modules of one bundle: those inside it, and those that it loads at run time. */
export interface BundleModules {
  /** Files from the repository's root, and the bundlers' own modules, which begin with `\0`. */
  readonly inside: readonly string[];
  /** Packages as the code names them, without Node's own. */
  readonly outside: readonly string[];
  /** The same modules as `inside`, by the file of the bundle that contains them. */
  readonly chunks: Readonly<Record<string, readonly string[]>>;
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
      const files = Object.values(bundle).filter((one) => one.type === 'chunk');
      const ownFiles = new Set(files.map(({ fileName }) => fileName));
      const chunks = Object.fromEntries(
        files.map(({ fileName, moduleIds }) => [fileName, sorted(moduleIds.map((id) => fromRoot(root, id)))]),
      );
      const modules: BundleModules = {
        inside: sorted(Object.values(chunks).flat()),
        outside: sorted(
          files
            .flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
            .filter((id) => !ownFiles.has(id) && !id.startsWith('node:')),
        ),
        chunks,
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
