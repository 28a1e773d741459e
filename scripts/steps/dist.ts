/** Builds everything and packages it with electron-builder; arguments go to electron-builder (`--linux`, `--dir`, …). */
import { ensureBundle } from '../lib/bundles.ts';
import { runTool } from '../lib/tool.ts';

try {
  for (const name of ['pages', 'electron'] as const)
    process.stderr.write(`${name}: ${await ensureBundle(name)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
process.stderr.write("dist: electron-builder now fetches Electron's runtime, which is not on npm.\n");
const { status } = await runTool(
  'electron-builder',
  ['--publish', 'never', ...process.argv.slice(2)],
  'live',
);
if (status !== 0) {
  process.stderr.write(
    "dist: packaging failed (see above). If the runtime cannot be downloaded from here, put Electron's zip in the cache that ELECTRON_CACHE names, or run this where it can.\n",
  );
}
process.exit(status);
