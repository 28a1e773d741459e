/** The terminal host: a process around one command line. */
import { enableCompileCache } from 'node:module';
import { closeInspector } from '#shared/host/index.ts';
import { runCommandLine } from './command-line.ts';
import { notifyOutputClosed } from './output-closed.ts';
import { watchAncestors } from './watch-ancestors.ts';

// First: files of a station must not be readable by other users of the computer; see `share-file.ts`.
process.umask(0o077);
enableCompileCache();
closeInspector(process);
watchAncestors();
// A closed reader (`| head`) is not a defect: the command stops in an orderly way, see `interruptSignal`.
let isOutputClosed = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' || isOutputClosed) return;
  isOutputClosed = true;
  if (!notifyOutputClosed()) process.exit(0);
});
// Errors of a closed terminal must not stop the work.
process.stderr.on('error', () => undefined);
process.exitCode = await runCommandLine(process.argv.slice(2));
