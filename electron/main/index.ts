/** The desktop host: one window for one station. Its permissions are set before the first page loads. */
import { app } from 'electron';
import { closeInspector } from '#shared/host/index.ts';
import { runDesktop } from './run-desktop.ts';

closeInspector(process);
// Other users of the computer may read none of the desktop's files.
process.umask(0o077);
runDesktop(app);
