/** The terminal host: a process around one command line. */
import { enableCompileCache } from 'node:module';
import { closeInspector } from '#shared/host/index.ts';
import { runCommandLine } from './command-line.ts';
import { notifyOutputClosed } from './output-closed.ts';
import { watchAncestors } from './watch-ancestors.ts';

// Before anything is made: nothing that a station keeps is for other users of the computer; see `share-file.ts`.
process.umask(0o077);
enableCompileCache();
closeInspector(process);
watchAncestors();
// A reader that went away (`| head`) is not a defect: work under way stops in good order, see `interruptSignal`.
let isOutputClosed = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' || isOutputClosed) return;
  isOutputClosed = true;
  if (!notifyOutputClosed()) process.exit(0);
});
// What is said to a terminal that was closed is lost; the work is not.
process.stderr.on('error', () => undefined);
process.exitCode = await runCommandLine(process.argv.slice(2));
