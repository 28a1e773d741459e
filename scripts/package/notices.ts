import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundleModules } from '../vite/list-modules.ts';
import { manifestOf, type NeededPackage } from './needed-packages.ts';
import { isLicence } from './package-files.ts';

/** Licences that permit distribution in any program together with their notice. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'ISC', 'MIT', 'MIT-0', 'Unlicense', 'Zlib',
]); // prettier-ignore

/** Modules that bundlers generate, with the generating package. */
const GENERATED_BY: readonly (readonly [RegExp, string])[] = [
  [/^\0plugin-vue:/, '@vitejs/plugin-vue'],
  [/^\0vite\//, 'vite'],
  [/^\0rolldown\//, 'rolldown'],
];

/** Licence information missing in packages, by name and version. */
export type KnownLicences = Readonly<Record<string, { readonly licence: string; readonly text?: string }>>;

/** The packages whose code is in a bundle. @throws Error for a module of unknown origin. */
export function bundledPackages(root: string, { inside }: BundleModules): readonly NeededPackage[] {
  const paths = new Set<string>();
  for (const id of inside) {
    const path = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
    if (path !== undefined) paths.add(path);
    else if (id.startsWith('\0')) {
      const writer = GENERATED_BY.find(([pattern]) => pattern.test(id))?.[1];
      if (writer === undefined) throw new Error(`the package of the module ${JSON.stringify(id)} is unknown`);
      paths.add(`node_modules/${writer}`);
    } else if (id.startsWith('/') || id.startsWith('..'))
      throw new Error(`${id} is in a bundle but in no package`);
  }
  return [...paths].sort().map((path) => {
    const { name, version } = manifestOf(join(root, path));
    return { name, version, path };
  });
}

/**
 * The notices of all packages as one text: name, version, licence, and licence text.
 * @throws Error naming every package whose licence is not allowed or whose text is missing
 */
export function noticesOf(
  root: string,
  packages: readonly NeededPackage[],
  known: KnownLicences = {},
): string {
  const faults: string[] = [];
  const parts: string[] = [];
  const seen = new Set<string>();
  for (const { name, version, path } of packages) {
    const title = `${name} ${version}`;
    if (seen.has(title)) continue;
    seen.add(title);
    const knownLicence = known[`${name}@${version}`];
    const licence = licenceOf(root, path) || (knownLicence?.licence ?? '');
    if (!isAllowed(licence)) {
      faults.push(`${title} (${path}): licence ${licence || 'not given'} is not allowed`);
      continue;
    }
    const text = textsOf(root, path) || (knownLicence?.text ?? '');
    if (text === '') faults.push(`${title} (${path}): its licence text is missing`);
    parts.push(`${'='.repeat(79)}\n${title} (${licence})\n${'='.repeat(79)}\n\n${text.trim()}\n`);
  }
  if (faults.length > 0) throw new Error(`third parties that must not be packaged:\n${faults.join('\n')}`);
  return `Gongwei contains software of others. Their licences and notices follow.\n\n${parts.join('\n')}`;
}

/** Whether an SPDX expression is allowed: of `OR` one licence, of `AND` all. */
export function isAllowed(expression: string): boolean {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(plain)) return false;
  if (plain.includes(' OR ')) return plain.split(' OR ').some(isAllowed);
  return plain.split(' AND ').every((one) => ALLOWED.has(one));
}

function licenceOf(root: string, path: string): string {
  const { license, licenses } = manifestOf(join(root, path));
  if (typeof license === 'string') return license;
  const named = [license, ...(Array.isArray(licenses) ? (licenses as unknown[]) : [])];
  return named
    .flatMap((one) => (typeof one === 'object' && one !== null && 'type' in one ? [String(one.type)] : []))
    .join(' OR ');
}

function textsOf(root: string, path: string): string {
  const names = readdirSync(join(root, path)).filter(isLicence).sort();
  return names.map((name) => readFileSync(join(root, path, name), 'utf8').trim()).join('\n\n');
}
