import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { PortInfo } from '../../../core/platform/index.ts';

/**
 * USB serial ports as Linux lists them in /sys/class/tty. Udev's links in /dev/serial/by-path have the same names, where
 * udev runs. Source: Linux, Documentation/ABI/stable/sysfs-bus-usb; interfaces are named
 * `<bus>-<port>[.<port>…]:<configuration>.<interface>`.
 */
export async function listUsbSerialPorts(sys = '/sys', dev = '/dev'): Promise<PortInfo[]> {
  const root = join(sys, 'class/tty');
  const names = await readdir(root).catch(() => []);
  const ports = await Promise.all(names.map((name) => portOf(join(root, name, 'device'), join(dev, name))));
  return ports
    .filter((port) => port !== null)
    .toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

async function portOf(link: string, path: string): Promise<PortInfo | null> {
  const device = await realpath(link).catch(() => null);
  if (device === null) return null;
  const parts = device.split('/');
  const index = parts.findLastIndex((part) => /^\d+-[\d.]+:\d+\.\d+$/.test(part));
  if (index < 0) return null;
  const [devicePath = '', configAndInterface = ''] = (parts[index] ?? '').split(':');
  const interfaceNumber = Number(configAndInterface.split('.')[1] ?? 0);
  // Adapters with several serial ports on one interface number them.
  const port = Number((await textOf(join(device, 'port_number'))) ?? 0);
  const usbPath = `usb:${devicePath}${interfaceNumber === 0 ? '' : `:${interfaceNumber}`}${port === 0 ? '' : `#${port}`}`;
  const usb = parts.slice(0, index).join('/');
  const title = [await textOf(join(usb, 'manufacturer')), await textOf(join(usb, 'product'))];
  const serialNumber = await textOf(join(usb, 'serial'));
  return {
    path,
    usbPath,
    title: title.filter((text) => text !== null).join(' ') || null,
    ...(serialNumber === null ? {} : { serialNumber }),
  };
}

async function textOf(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim() || null;
}
