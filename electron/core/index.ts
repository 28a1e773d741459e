/** The station in a process of its own (Electron's utilityProcess): a crash in a driver ends neither the window nor main. */
import { closeInspector } from '#shared/host/index.ts';
import { runCore } from './run-core.ts';

closeInspector(process);
// Other users of the computer may read none of the station's files.
process.umask(0o077);
runCore(process.parentPort);
