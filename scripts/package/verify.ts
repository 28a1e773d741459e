import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readArchive, unpackArchive } from './asar.ts';
import type { PackagePlan } from './plan.ts';
import { startCore } from './start-core.ts';
import { readFuses } from './stand-in.ts';

/** Properties of a verified package. */
export interface Verified {
  readonly archivedFiles: number;
  readonly archiveBytes: number;
  readonly unpackedBytes: number;
  readonly nodeBytes: number;
  readonly natives: readonly string[];
  /** Output of the core, started from the archive's files under plain Node. */
  readonly core: string;
}

/** Fuses in Electron's order, by their names in electron-builder.yml. Source: @electron/fuses, `FuseV1Options`. */
const FUSE_NAMES = [
  'runAsNode', 'enableCookieEncryption', 'enableNodeOptionsEnvironmentVariable', 'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation', 'onlyLoadAppFromAsar', 'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const; // prettier-ignore

/**
 * Compares an unpacked Linux package with its plan, and starts the core from it.
 * @throws Error with all differences
 */
export function verifyPackage(
  root: string,
  dir: string,
  { outside, files, packages, notices }: PackagePlan,
): Verified {
  const archive = join(dir, 'resources/app.asar');
  const unpackedDir = `${archive}.unpacked`;
  const archived = readArchive(archive);
  const paths = new Set(archived.map(({ path }) => path));
  const faults: string[] = [];
  const expect = (holds: boolean, fault: string): void => void (holds || faults.push(fault));

  const missing = files.filter((file) => !paths.has(file));
  expect(missing.length === 0, `not in the archive: ${missing.slice(0, 5).join(', ')}`);
  const planned = new Set(files);
  const foreign = [...paths].filter((path) => path.startsWith('node_modules/') && !planned.has(path));
  expect(foreign.length === 0, `in the archive and not planned: ${foreign.slice(0, 5).join(', ')}`);
  for (const entry of ['main/index.js', 'core/index.js', 'preload/index.cjs'])
    expect(paths.has(`out/electron/${entry}`), `out/electron/${entry} is not in the archive`);
  expect(paths.has('out/renderer/index.html'), 'the pages are not in the archive');
  const fromBuild = [...paths].filter((path) => path.startsWith('build/'));
  expect(fromBuild.join() === 'build/icon.png', `of build, the archive has: ${fromBuild.join(', ')}`);
  const tops = new Set([...paths].map((path) => path.split('/', 1)[0]));
  for (const top of tops)
    expect(
      ['package.json', 'out', 'resources', 'build', 'node_modules'].includes(top ?? ''),
      `${top ?? ''} is in the archive`,
    );

  const natives = archived.filter(({ path }) => path.endsWith('.node'));
  for (const { path, unpacked } of natives)
    expect(
      unpacked && existsSync(join(unpackedDir, path)),
      `${path} is not unpacked beside the archive, so it cannot be loaded`,
    );
  for (const name of ['better-sqlite3', 'serialport', '@stoprocent/noble'])
    expect(
      natives.some(({ path }) => path.includes(`node_modules/${name}/`)),
      `${name} has no binary`,
    );

  const packed = readFileSync(join(dir, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  expect(packed === notices, 'the notices are not those of the plan');
  for (const { name, version } of packages)
    expect(packed.includes(`\n${name} ${version} (`), `${name} ${version} has no notice`);
  expect(existsSync(join(dir, 'LICENSE.gongwei.txt')), "Gongwei's licence is missing");
  for (const name of ['LICENSE.electron.txt', 'LICENSES.chromium.html'])
    expect(existsSync(join(dir, name)), `${name} is missing`);

  const wanted = (
    parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as {
      electronFuses: Record<string, boolean>;
    }
  ).electronFuses;
  const fuses = readFuses(join(dir, 'gongwei'));
  for (const [at, name] of FUSE_NAMES.entries())
    expect(
      fuses[at] === (wanted[name] === true ? 'on' : 'off'),
      `the fuse ${name} is ${fuses[at] ?? 'missing'}`,
    );
  expect(existsSync(join(dir, 'resources/node/node')), 'the Node for scripts is missing');

  if (faults.length > 0) throw new Error(`the package is not as planned:\n${faults.join('\n')}`);
  return {
    archivedFiles: archived.length,
    archiveBytes: statSync(archive).size,
    unpackedBytes: sizeOf(unpackedDir),
    nodeBytes: sizeOf(join(dir, 'resources/node')),
    natives: natives.map(({ path }) => path),
    core: startArchived(archive, unpackedDir, outside),
  };
}

function startArchived(archive: string, unpackedDir: string, outside: readonly string[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-package-'));
  try {
    unpackArchive(archive, join(dir, 'app'), (path) => readFileSync(join(unpackedDir, path)));
    return startCore(join(dir, 'app'), join(dir, 'data'), outside);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function sizeOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
