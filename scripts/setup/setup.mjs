/** Setup on a machine with Node and npm only: installs node_modules according to the lock file, and system packages. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { runCaptured } from './run-captured.mjs';
import { ROOT } from './run-in-place.mjs';
import { installSystemPackages } from './system-packages.mjs';

const STAMP = join(ROOT, 'node_modules/.gongwei-setup.json');
const LOCK = join(ROOT, '.cache/setup.lock');

/** The Node that the project pins, as an absolute path. */
export function pinnedNode() {
  return join(ROOT, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/**
 * Resolves when node_modules matches the lock file and the system packages are installed, or a message says that they
 * cannot be. Throws an Error with one plain sentence when node_modules cannot be installed. Prints nothing otherwise.
 *
 * @param {readonly string[]} packages system packages of this step
 */
export async function ensureSetup(packages) {
  const system = installSystemPackages(packages);
  if (!isFresh()) {
    await withLock(LOCK, 'the set-up', async (addOwner) => {
      // Another process may have finished the setup while this one waited for the lock.
      if (isFresh()) return;
      // A developer may have run `npm install`; then only the stamp is missing.
      if (isInstalledAsLocked()) writeStamp(wanted());
      else await installModules(addOwner);
    });
  }
  await system;
}

function wanted() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'));
  const lockSha256 = createHash('sha256').update(lock).digest('hex');
  return JSON.stringify({ lockSha256, platform: process.platform, arch: process.arch });
}

function isFresh() {
  try {
    return existsSync(pinnedNode()) && readFileSync(STAMP, 'utf8') === wanted();
  } catch {
    return false;
  }
}

/**
 * Writes the stamp at the end and atomically, so that an interrupted install leaves none and is repeated.
 *
 * @param {string} stamp
 */
function writeStamp(stamp) {
  writeFileSync(`${STAMP}.new`, stamp);
  renameSync(`${STAMP}.new`, STAMP);
}

/** Whether the lock file that npm writes into node_modules after an install names the packages of the repository's. */
function isInstalledAsLocked() {
  try {
    const installed = packagesOf('node_modules/.package-lock.json');
    return (
      existsSync(pinnedNode()) &&
      Object.entries(packagesOf('package-lock.json')).every(
        ([path, { version, optional }]) =>
          path === '' || optional === true || installed[path]?.version === version,
      )
    );
  } catch {
    return false;
  }
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(lockFile) {
  return JSON.parse(readFileSync(join(ROOT, lockFile), 'utf8')).packages;
}

/** @param {(pid: number) => void} onStart called with the id of npm's process */
async function installModules(onStart) {
  const started = Date.now();
  process.stderr.write('gongwei: installing the packages of the lock file (once, about a minute) …\n');
  const stamp = wanted();
  const { status, output } = await runCaptured('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    env: installEnv(),
    onStart,
  });
  if (status !== 0) {
    process.stderr.write(output);
    throw new Error(
      'gongwei: npm could not install the packages (its output is above). Check that the package registry is reachable, then run the same command again.',
    );
  }
  const version = spawnSync(pinnedNode(), ['--version'], { encoding: 'utf8' });
  if (version.status !== 0) {
    throw new Error(
      `gongwei: the pinned Node (${pinnedNode()}) does not start on this ${process.platform}-${process.arch} machine.`,
    );
  }
  writeStamp(stamp);
  process.stderr.write(`gongwei: installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}

/** npm must not run under the Node that it is about to replace, nor fetch Electron's runtime from outside the registry. */
function installEnv() {
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = (process.env['PATH'] ?? '')
    .split(separator)
    .filter((dir) => !dir.startsWith(join(ROOT, 'node_modules')));
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, PATH: path.join(separator), ELECTRON_SKIP_BINARY_DOWNLOAD: '1' };
  // Settings of an outer `npm run` do not apply to this install: production mode would omit half of the packages.
  for (const key of Object.keys(env)) {
    if (
      /^npm_(config_(?:production|omit|only|global|dry_run|ignore_scripts|loglevel|json|prefix)|lifecycle_|package_|command)/i.test(
        key,
      )
    ) {
      delete env[key];
    }
  }
  delete env['NODE_ENV'];
  return env;
}
