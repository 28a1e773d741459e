/** The desktop host: one window over one station. Everything it may do is decided here, before the first page loads. */
import { app } from 'electron';
import { closeInspector } from '#shared/host/index.ts';
import { runDesktop } from './run-desktop.ts';

closeInspector(process);
// Nothing that the desktop keeps is for other users of the computer.
process.umask(0o077);
runDesktop(app);
