/**
 * Opens the station. Makes sure that the pages are built, looks for Electron's runtime, and hands over to the command
 * line, which is told by the environment: `GONGWEI_ELECTRON` is the runtime's path, or `GONGWEI_NO_ELECTRON` the
 * reason why there is none.
 */
import { join } from 'node:path';
import { ensureBundle } from '../lib/bundles.ts';
import { downloadElectron, findElectron } from '../lib/electron-runtime.ts';
import { ROOT, runInPlace } from '../setup/run-in-place.mjs';

const DOWNLOAD_TIMEOUT_MS = 120_000;

try {
  await ensureBundle('pages');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(3);
}

let runtime = findElectron();
if (runtime.path === null && process.env['ELECTRON_OVERRIDE_DIST_PATH'] === undefined) {
  runtime = downloadElectron(DOWNLOAD_TIMEOUT_MS);
}
const env: NodeJS.ProcessEnv = { ...process.env };
if (runtime.path === null) {
  env['GONGWEI_NO_ELECTRON'] = runtime.reason;
} else {
  await ensureBundle('electron');
  env['GONGWEI_ELECTRON'] = runtime.path;
}
runInPlace(process.execPath, [join(ROOT, 'cli/main.ts'), 'start', ...process.argv.slice(2)], {
  env,
  cwd: ROOT,
});
