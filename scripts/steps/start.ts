/**
 * Opens the station: builds the pages and Electron's bundles when needed, then runs the command line, which looks for
 * Electron's runtime and prints what it opens and why.
 */
import { join } from 'node:path';
import { ensureBundle } from '../lib/bundles.ts';
import { NODE_FLAGS, ROOT, runInPlace } from '../setup/run-in-place.mjs';

const args = process.argv.slice(2);
const asksForHelp = args.includes('--help') || args.includes('-h');
try {
  if (!asksForHelp) for (const name of ['pages', 'electron'] as const) await ensureBundle(name);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(3);
}
const program = join(ROOT, 'cli/main.ts');
runInPlace(process.execPath, [...NODE_FLAGS, program, 'start', ...args], {
  env: process.env,
  cwd: ROOT,
});
