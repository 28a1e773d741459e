import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundleModules } from '../vite/list-modules.ts';
import { knownLicences } from './known-licences.ts';
import { neededPackages, type NeededPackage } from './needed-packages.ts';
import { bundledPackages, noticesOf } from './notices.ts';
import { packageFiles, type Target } from './package-files.ts';

/** What travels beside the bundles, decided from what the bundles load. */
export interface PackagePlan {
  /** What the bundles load of packages, as they name it. */
  readonly outside: readonly string[];
  /** Packages whose files are in the archive. */
  readonly packages: readonly NeededPackage[];
  /** Their files, from the repository's root. */
  readonly files: readonly string[];
  /** The text that has to go along with everything that travels, Node included. */
  readonly notices: string;
}

const BUNDLES = ['main', 'preload', 'pages'] as const;

/** To be called when the bundles are built. @throws Error when something that travels must not, or has no notice. */
export function planPackage(root: string, target: Target): PackagePlan {
  const bundles = BUNDLES.map(
    (name) => JSON.parse(readFileSync(join(root, 'out/modules', `${name}.json`), 'utf8')) as BundleModules,
  );
  const outside = [...new Set(bundles.flatMap((bundle) => bundle.outside))].sort();
  const packages = neededPackages(root, outside);
  const inBundles = bundles.flatMap((bundle) => bundledPackages(root, bundle));
  return {
    outside,
    packages,
    files: packages.flatMap(({ path }) =>
      packageFiles(join(root, path), target).map((file) => `${path}/${file}`),
    ),
    notices: `${noticesOf(root, [...packages, ...inBundles], knownLicences())}\n${nodeNotice(root)}`,
  };
}

/** The Node that scripts of recipes run in lies beside the archive; its own licence names what is linked into it. */
function nodeNotice(root: string): string {
  const folders = ['node_modules/node/node_modules', 'node_modules'];
  for (const folder of folders)
    for (const name of readdirSync(join(root, folder)).filter((one) => /^node-(?!bin)\w+-\w+$/.test(one))) {
      const dir = join(root, folder, name);
      if (!readdirSync(dir).includes('LICENSE')) continue;
      const rule = '='.repeat(79);
      return `${rule}\nNode.js (beside the program, for scripts of recipes)\n${rule}\n\n${readFileSync(join(dir, 'LICENSE'), 'utf8')}`;
    }
  throw new Error('the licence of the Node that is packaged is not found: reinstall the package "node"');
}
