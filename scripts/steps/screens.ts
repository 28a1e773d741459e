/** Takes pictures of the pages in every state over a mock station. Arguments are passed to the script. */
import { join } from 'node:path';
import { ROOT, runInPlace } from '../setup/run-in-place.mjs';

runInPlace(process.execPath, [join(ROOT, 'tests/renderer/screens.ts'), ...process.argv.slice(2)], {
  env: process.env,
  cwd: ROOT,
});
