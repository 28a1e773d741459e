/**
 * Everything: builds the bundles, runs the checks, then the tests. With arguments: only the bundles and
 * `vitest run <args>`. Ends with one line for machines: `N passed, N failed` (and `, N skipped`).
 */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { BUNDLE_NAMES, ensureBundle } from '../lib/bundles.ts';
import { readTestCounts } from '../lib/test-counts.ts';
import { runTool } from '../lib/tool.ts';
import { ROOT } from '../setup/run-in-place.mjs';

const args = process.argv.slice(2);
const resultFile = '.cache/test-results.json';

for (const name of BUNDLE_NAMES) {
  try {
    await ensureBundle(name);
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

let checkStatus = 0;
if (args.length === 0) {
  checkStatus =
    spawnSync(process.execPath, [join(ROOT, 'scripts/steps/check.ts')], { stdio: 'inherit' }).status ?? 1;
}

mkdirSync(dirname(join(ROOT, resultFile)), { recursive: true });
rmSync(join(ROOT, resultFile), { force: true });
const { status } = await runTool(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${resultFile}`, ...args],
  'live',
);

const counts = readTestCounts(join(ROOT, resultFile));
if (checkStatus !== 0) process.stdout.write('npm run check failed (see above)\n');
if (counts === null) {
  process.stdout.write('the tests did not come to an end\n');
  process.exit(status === 0 ? 1 : status);
}
const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
process.exit(status !== 0 ? status : checkStatus);
