/** The station in a process of its own (Electron's utilityProcess): a crash in a driver takes neither window nor main along. */
import { runCore } from './run-core.ts';

runCore(process.parentPort);
