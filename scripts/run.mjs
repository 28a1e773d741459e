/**
 * Entry point of the repository: `node scripts/run.mjs STEP [args]`, from a fresh clone, with any Node ≥ 20.19 and
 * nothing installed. It installs the requirements of the step, then runs the step under the pinned Node. Its own
 * messages go to stderr, because stdout belongs to the step.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_FLAGS, NODE_VARIABLES, ROOT, runInPlace } from './setup/run-in-place.mjs';
import { ensureSetup, pinnedNode } from './setup/setup.mjs';
import { STEPS } from './steps.mjs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Gongwei needs Node 20.19 or newer to set itself up; this is ${process.versions.node}.`, 3);
}

const [name, ...args] = process.argv.slice(2);
const step = name === undefined || !Object.hasOwn(STEPS, name) ? undefined : STEPS[name];
if (step === undefined) {
  const lines = Object.entries(STEPS).map(([key, { purpose }]) => `  ${key.padEnd(9)} ${purpose}`);
  const usage = `usage: node scripts/run.mjs STEP [args]\n${lines.join('\n')}`;
  if (name !== '--help' && name !== '-h') fail(usage, 2);
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
// Each step prints its usage without system packages and without the pages.
const asksForHelp = args.includes('--help') || args.includes('-h');

try {
  await ensureSetup(asksForHelp ? [] : (step.packages ?? []));
} catch (error) {
  fail(error instanceof Error ? error.message : String(error), 3);
}

const env = {
  // Halves the start time: Node caches compiled code, including stripped types.
  NODE_COMPILE_CACHE: join(ROOT, '.cache/node'),
  ...process.env,
  ...NODE_VARIABLES,
  // The command that messages show; it works from any folder.
  GONGWEI_PROGRAM: `npm --prefix ${quoted(ROOT)} run gongwei --`,
};
if (!asksForHelp && step.needsPages?.(args) === true) {
  const build = join(ROOT, 'scripts/steps/build.ts');
  const { status } = spawnSync(pinnedNode(), [build, 'pages'], { env, cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) fail('gongwei: the pages could not be built (the reason is above).', 3);
}

const [entry = '', ...fixed] = step.command;
if (!existsSync(join(ROOT, entry))) fail(`gongwei: ${entry} does not exist, so "${name}" cannot run.`, 3);
runInPlace(pinnedNode(), [...NODE_FLAGS, join(ROOT, entry), ...fixed, ...args], {
  env,
  cwd: step.whereCalled === true ? whereCalled() : ROOT,
});

/** @param {string} path */
function quoted(path) {
  return /^[\w./:+@\\-]+$/.test(path) ? path : `"${path}"`;
}

/** npm changes to the package's folder before it runs a script. Relative paths of arguments refer to the caller's folder. */
function whereCalled() {
  const { npm_lifecycle_event: event, INIT_CWD: dir } = process.env;
  return event === name && dir !== undefined && existsSync(dir) ? dir : process.cwd();
}

/**
 * @param {string} message
 * @param {number} status
 * @returns {never}
 */
function fail(message, status) {
  process.stderr.write(`${message}\n`);
  process.exit(status);
}
