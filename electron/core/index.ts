/** The station in a process of its own (Electron's utilityProcess): a crash in a driver takes neither window nor main along. */
import { closeInspector } from '#shared/host/index.ts';
import { runCore } from './run-core.ts';

closeInspector(process);
// Nothing that a station keeps is for other users of the computer.
process.umask(0o077);
runCore(process.parentPort);
