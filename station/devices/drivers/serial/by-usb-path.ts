import { Fault } from '#shared/domain/fault.ts';
import type { PortInfo, DevicePorts } from '../../../core/platform/index.ts';

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
      if (!isUsbLocation(path)) return ports.open(path, settings, signal);
      const current = await pathAt(path);
      if (current !== null) return ports.open(current, settings, signal);
      throw new Fault('port-missing', `nothing is plugged in at ${path}`, {
        hint: 'Plug the fixture into its own socket, or assign the slot again ("station slots list").',
        details: { port: path },
      });
    },
  };
}
