import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundleModules } from '../vite/list-modules.ts';
import { knownLicences } from './known-licences.ts';
import { neededPackages, type NeededPackage } from './needed-packages.ts';
import { bundledPackages, noticesOf } from './notices.ts';
import { packageFiles, type Target } from './package-files.ts';

/** The content of the package besides the bundles, determined by what the bundles load. */
export interface PackagePlan {
  /** Specifiers of the packages that the bundles load. */
  readonly outside: readonly string[];
  /** Packages whose files are in the archive. */
  readonly packages: readonly NeededPackage[];
  /** Files of the packages, relative to the repository's root. */
  readonly files: readonly string[];
  /** The notices of all packages and of Node. */
  readonly notices: string;
}

const BUNDLES = ['main', 'preload', 'pages'] as const;

/** Plans the package. The bundles must be built. @throws Error for a licence that is not allowed or a missing notice. */
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

/** The licence of the packaged Node, which runs the scripts of recipes. It includes those of its libraries. */
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
