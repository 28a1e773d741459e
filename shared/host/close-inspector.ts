/**
 * Prevents that Node opens its inspector on SIGUSR1: the inspector runs any code in the station and has no
 * authentication. A listener replaces Node's own handling of the signal. The flag `--disable-sigusr1` does the same from
 * the first instruction on, but a host may have been started without it.
 */
export function closeInspector(host: { on(signal: 'SIGUSR1', listener: () => void): unknown }): void {
  host.on('SIGUSR1', () => undefined);
}
