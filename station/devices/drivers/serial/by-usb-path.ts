import { Fault } from '#shared/domain/fault.ts';
import type { PortInfo, DevicePorts } from '../../../core/platform/index.ts';

/** Ports that a message names. */
const MOST_NAMED = 8;

/** True for a USB location, false for a path. */
function isUsbLocation(text: string): boolean {
  return text.startsWith('usb:');
}

/** Ports that are opened by path or by USB location, whose path is looked up each time, because paths change. */
export function portsByUsbSocket(ports: DevicePorts, list: () => Promise<readonly PortInfo[]>): DevicePorts {
  const pathAt = async (usbPath: string): Promise<string | null> =>
    (await list()).find((port) => port.usbPath === usbPath)?.path ?? null;
  return {
    list,
    async findOtherHolders(path) {
      const current = isUsbLocation(path) ? await pathAt(path) : path;
      return current === null ? null : ((await ports.findOtherHolders?.(current)) ?? null);
    },
    async open(path, settings, signal) {
      if (!isUsbLocation(path)) {
        try {
          return await ports.open(path, settings, signal);
        } catch (error) {
          throw isMissing(error) && isNameOfPort(path) ? withPresentPorts(path, error, await list()) : error;
        }
      }
      const current = await pathAt(path);
      if (current !== null) return ports.open(current, settings, signal);
      throw new Fault('port-missing', `nothing is plugged in at ${path}`, {
        hint: 'Plug the fixture into its own socket, or assign the slot again ("station slots list").',
        details: { port: path },
      });
    },
  };
}

/** Names that the system gives anew when an adapter is plugged in again. */
function isNameOfPort(path: string): boolean {
  return /^(?:\/dev\/|COM\d|\\\\)/i.test(path);
}

function isMissing(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'port-missing';
}

/** The same fault with the ports that are there: the adapter may have one of these names now. */
function withPresentPorts(path: string, fault: Fault, present: readonly PortInfo[]): Fault {
  const paths = present.slice(0, MOST_NAMED).map((port) => port.path);
  if (paths.length === 0) return fault;
  return new Fault('port-missing', `${fault.message}; connected now: ${paths.join(', ')}`, {
    hint: 'An adapter gets another name when it is plugged in again. Assign the slot to its USB location, which stays.',
    details: { ...fault.details, port: path },
    cause: fault.cause,
  });
}
