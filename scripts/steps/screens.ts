/** Pictures of the pages in every state, over the page's own scripted station; arguments go on to the photographer. */
import { join } from 'node:path';
import { ROOT, runInPlace } from '../setup/run-in-place.mjs';

runInPlace(process.execPath, [join(ROOT, 'tests/renderer/screens.ts'), ...process.argv.slice(2)], {
  env: process.env,
  cwd: ROOT,
});
