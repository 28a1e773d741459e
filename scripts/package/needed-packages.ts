import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';

/** One installed package. */
export interface NeededPackage {
  readonly name: string;
  readonly version: string;
  /** From the repository's root, with `/`: `node_modules/pdfkit/node_modules/@noble/hashes`. */
  readonly path: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly license?: unknown;
  readonly licenses?: unknown;
}

/**
 * Packages that are not shipped, although code names them. `electron` is the runtime itself. The others are required only by
 * code that the desktop never runs; there `require` throws without them, as intended. `usb`: noble's driver for Bluetooth
 * adapters without the system's stack. Gongwei does not support them, and libusb is LGPL.
 */
export const LEFT_OUT: ReadonlySet<string> = new Set(['usb', 'dbus-next', 'electron']);

/** Folders for building and testing a package. `src`, `doc` and `types` are missing here: some packages load them. */
const NOT_RUN = /^(?:deps|test|tests|__tests__|examples?|benchmarks?|node_modules)$/;
/** `require('x')`, `import('x')`, `resolve('x')`, `from 'x'`, `import 'x'`. */
const REQUIRES =
  /(?:require|import|resolve)\s*\(\s*["'`]([^"'`\n]+)["'`]|(?:from|import)\s*["']([^"'\n]+)["']/g;
const CODE = new Set(['.js', '.cjs', '.mjs']);

/**
 * The packages that `names` load, directly and indirectly. Each file of a package is searched for required and imported
 * names; installed packages that no file names (for compiling, patching, publishing) are not needed. Names in comments
 * count too, because a superfluous package is harmless and a missing one is not.
 *
 * @param names as a bundle imports them, for example `bwip-js/node`
 * @throws Error when a required and declared package is not installed
 */
export function neededPackages(root: string, names: readonly string[]): readonly NeededPackage[] {
  const found = new Map<string, NeededPackage>();
  const visit = (name: string, from: string, optional: boolean): void => {
    if (LEFT_OUT.has(name)) return;
    const dir = lookUp(root, name, from);
    if (dir === null) {
      if (optional) return;
      throw new Error(`${name}, which ${relative(root, from) || 'a bundle'} loads, is not installed`);
    }
    const path = relative(root, dir).replaceAll(sep, '/');
    if (found.has(path)) return;
    const manifest = manifestOf(dir);
    found.set(path, { name: manifest.name, version: manifest.version, path });
    const required = requiredBy(dir);
    for (const one of Object.keys(manifest.dependencies ?? {})) if (required.has(one)) visit(one, dir, false);
    for (const one of Object.keys({ ...manifest.optionalDependencies, ...manifest.peerDependencies }))
      if (required.has(one)) visit(one, dir, true);
  };
  for (const name of names.map(packageOf)) visit(name, root, false);
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The package of a specifier: `@a/b` for `@a/b/c.js`. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Finds a package as Node does, in each parent folder. */
function lookUp(root: string, name: string, from: string): string | null {
  for (let dir = from; ; dir = dirname(dir)) {
    const candidate = join(dir, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dir === root || dir === dirname(dir)) return null;
  }
}

export function manifestOf(dir: string): Manifest {
  return JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Manifest;
}

function requiredBy(dir: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const file of filesToRun(dir)) {
    if (!CODE.has(extname(file))) continue;
    const text = readFileSync(join(dir, file), 'utf8');
    for (const [, called, named] of text.matchAll(REQUIRES)) names.add(packageOf(called ?? named ?? ''));
  }
  return names;
}

/** Paths with `/` of the files in a package that a program may load. */
export function filesToRun(dir: string): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(dir, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) return [path];
      return entry.isDirectory() && !NOT_RUN.test(entry.name) ? below(path) : [];
    });
  return below('');
}
