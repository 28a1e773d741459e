/** Builds the named bundles (`pages`, `electron`, `cli`), or all. Unchanged bundles are skipped. */
import { BUNDLE_NAMES, type BundleName, ensureBundle } from '../lib/bundles.ts';
import { readStepArgs } from '../lib/step-args.ts';

const USAGE = `npm run build [-- NAME…]
  Builds the named bundles, or all: ${BUNDLE_NAMES.join(', ')}
`;
const { positionals } = readStepArgs(USAGE, {}, BUNDLE_NAMES);
const names: readonly BundleName[] = positionals.length > 0 ? (positionals as BundleName[]) : BUNDLE_NAMES;
for (const name of names) {
  const started = performance.now();
  try {
    const result = await ensureBundle(name);
    process.stderr.write(`${name}: ${result} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
