/** Builds the named bundles (`pages`, `electron`, `cli`), or all. Unchanged bundles are skipped. */
import { BUNDLE_NAMES, type BundleName, ensureBundle } from '../lib/bundles.ts';

const requested = process.argv.slice(2);
const unknown = requested.find((name) => !BUNDLE_NAMES.some((known) => known === name));
if (unknown !== undefined) {
  process.stderr.write(`build: there is no bundle "${unknown}"; choose from ${BUNDLE_NAMES.join(', ')}.\n`);
  process.exit(2);
}
const names: readonly BundleName[] = requested.length > 0 ? (requested as BundleName[]) : BUNDLE_NAMES;
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
