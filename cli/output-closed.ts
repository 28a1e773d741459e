import { EventEmitter } from 'node:events';

/**
 * Tells that nobody reads standard output any more (`| head`), once. It is no SIGPIPE: who listens for that signal gets it
 * for every broken pipe and socket of the process, and a unit or a page that goes away must stop nothing.
 */
const output = new EventEmitter<{ closed: [] }>();

export function onOutputClosed(listener: () => void): void {
  output.once('closed', listener);
}

/** Returns false when nobody listens. */
export function tellOutputClosed(): boolean {
  return output.emit('closed');
}
