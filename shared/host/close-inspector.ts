/**
 * Keeps a host from opening Node's inspector when another program sends it SIGUSR1: the inspector runs any code in the
 * station, and asks nobody who sends it. A listener takes the signal away from Node. The flag `--disable-sigusr1`
 * does the same from the first instruction on; a host may have been started without it.
 */
export function closeInspector(host: { on(signal: 'SIGUSR1', listener: () => void): unknown }): void {
  host.on('SIGUSR1', () => undefined);
}
