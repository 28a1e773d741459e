/**
 * Builds the bundles and runs the tests and, beside them, the checks. With arguments: only the bundles and
 * `vitest run <args>`. The last line is for programs: `N passed, N failed` (and `, N skipped`).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { BUNDLE_NAMES, ensureBundle } from '../lib/bundles.ts';
import { mapLimit } from '../lib/map-limit.ts';
import { answerHelp } from '../lib/step-args.ts';
import { describeCost } from '../lib/test-cost.ts';
import { readTestCounts } from '../lib/test-counts.ts';
import { runTool } from '../lib/tool.ts';
import { ROOT } from '../setup/run-in-place.mjs';

answerHelp(`npm test [-- [--long] [--cost] [FILTER…]]
  Runs all checks and tests. With FILTER only \`vitest run FILTER…\`, with options of Vitest, too.
  --long  random, killing and repeating tests take all of their cases (tests/support/depth.ts), tests of variants
          take all of them (tests/support/rotation.ts), and the files *.long.test.ts are run, too
  --cost  prints at the end which files took most processor time (Linux)
`);
const given = process.argv.slice(2);
const args = given.filter((arg) => arg !== '--long' && arg !== '--cost');
// A filter may name a file of the long run.
if (given.includes('--long')) process.env['GONGWEI_TEST_DEPTH'] = 'long';
else if (args.length === 0) process.env['GONGWEI_TEST_DEPTH'] = 'short';
/** Those that take longest are first. */
const BUNDLES = ['dev-pages', ...BUNDLE_NAMES] as const;
const resultFile = '.cache/test-results.json';
const costFile = join(ROOT, '.cache/test-cost.jsonl');
if (given.includes('--cost')) process.env['GONGWEI_TEST_COST'] = costFile;

try {
  await mapLimit(BUNDLES, 2, ensureBundle);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

const checks = args.length === 0 ? startChecks() : null;

// With it, glibc asks for large pages: in a virtual machine scrypt is then three times faster. Other systems ignore it.
process.env['GLIBC_TUNABLES'] ??= 'glibc.malloc.hugetlb=1';

mkdirSync(dirname(join(ROOT, resultFile)), { recursive: true });
for (const file of [join(ROOT, resultFile), costFile]) rmSync(file, { force: true });
const { status } = await runTool(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${resultFile}`, ...args],
  'live',
);

const checked = await checks;
if (checked !== null) process.stdout.write(checked.output);
const checkStatus = checked?.status ?? 0;

if (given.includes('--cost')) process.stdout.write(describeCost(readFileSync(costFile, 'utf8')));
const counts = readTestCounts(join(ROOT, resultFile));
if (checkStatus !== 0) process.stdout.write('npm run check failed (see above)\n');
if (counts === null) {
  process.stdout.write('the tests did not come to an end\n');
  process.exit(status === 0 ? 1 : status);
}
const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
process.exit(status !== 0 ? status : checkStatus);

/**
 * Starts the checks, which use the time in which tests wait. Their priority is that of the tests: at a low one they are not over
 * when the tests are, and hold their memory all the time.
 */
async function startChecks(): Promise<{ status: number; output: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/steps/check.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([
    text(child.stdout),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status: code ?? 1, output };
}
