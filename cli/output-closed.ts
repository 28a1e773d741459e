/** Who is told; one command a process, outside of tests. */
const listeners = new Set<() => void>();

/**
 * Tells when nobody reads standard output any more (`| head`). It is no SIGPIPE: who listens for that signal gets it for
 * every broken pipe and socket of the process, and a unit or a page that goes away must stop nothing.
 */
export function onOutputClosed(listener: () => void): void {
  listeners.add(listener);
}

/** Returns false when nobody listens. */
export function tellOutputClosed(): boolean {
  for (const listener of listeners) listener();
  return listeners.size > 0;
}
