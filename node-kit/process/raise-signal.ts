import { hostSystem } from '../host-system/index.ts';

/**
 * Sends a signal to this process. On Windows, which has no signals, `process.kill` would end it at once, without its
 * handlers: they are called instead, and without any the process ends as there.
 */
export function raiseSignal(name: 'SIGINT' | 'SIGTERM', isWindows = hostSystem().kind === 'windows'): void {
  if (!isWindows || !process.emit(name, name)) process.kill(process.pid, name);
}
