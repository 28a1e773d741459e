/** The port path of a slot that has no port: its units have Bluetooth only. */
export const NO_PORT = 'ble';

/** True for the path of a slot without a port. */
export function isNoPort(path: string): boolean {
  return path === NO_PORT;
}
