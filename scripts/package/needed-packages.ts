import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';

/** One package as it lies on the disk. */
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
 * Named by code that the desktop never runs. Without them `require` there throws, which is what is wanted.
 * `usb`: noble's driver for Bluetooth sticks without a system's stack; Gongwei offers no such adapter, and libusb in it is LGPL.
 */
export const LEFT_OUT: ReadonlySet<string> = new Set(['usb', 'dbus-next', 'electron']);

/** Folders of a package that are there for who builds or tests it. Other names are code somewhere: `src`, `doc`, `types`. */
const NOT_RUN = /^(?:deps|test|tests|__tests__|examples?|benchmarks?|node_modules)$/;
/** `require('x')`, `import('x')`, `resolve('x')`, `from 'x'`, `import 'x'`. */
const ASKS = /(?:require|import|resolve)\s*\(\s*["'`]([^"'`\n]+)["'`]|(?:from|import)\s*["']([^"'\n]+)["']/g;
const CODE = new Set(['.js', '.cjs', '.mjs']);

/**
 * The packages behind `names`, as code asks for them: each file of a package is read for what it requires or imports, and
 * what is only installed (to compile, to patch, to publish) is not needed. Better one too many than one too few: what
 * stands in a comment counts.
 *
 * @param names as a bundle imports them, `bwip-js/node` included
 * @throws Error when one that is asked for and declared is not installed
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
    const asked = askedFor(dir);
    for (const one of Object.keys(manifest.dependencies ?? {})) if (asked.has(one)) visit(one, dir, false);
    for (const one of Object.keys({ ...manifest.optionalDependencies, ...manifest.peerDependencies }))
      if (asked.has(one)) visit(one, dir, true);
  };
  for (const name of names.map(packageOf)) visit(name, root, false);
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `@a/b/c.js` is of `@a/b`. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** As Node looks: in each folder above. */
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

function askedFor(dir: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const file of filesToRun(dir)) {
    if (!CODE.has(extname(file))) continue;
    const text = readFileSync(join(dir, file), 'utf8');
    for (const [, called, named] of text.matchAll(ASKS)) names.add(packageOf(called ?? named ?? ''));
  }
  return names;
}

/** Paths in a package that a program may run or read, with `/`. */
export function filesToRun(dir: string): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(dir, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) return [path];
      return entry.isDirectory() && !NOT_RUN.test(entry.name) ? below(path) : [];
    });
  return below('');
}
