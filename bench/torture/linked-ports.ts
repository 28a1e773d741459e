import { readlinkSync } from 'node:fs';
import type { Platform } from '#station';

type DevicePorts = Platform['devicePorts'];

const SERVER = 'rfc2217://';

/** True for the address of a serial device server, which a link of a slot may have as its target. */
export function isServerAddress(target: string): boolean {
  return target.startsWith(SERVER);
}

/** Ports whose path may be a link to the address of a serial device server, which no file system follows. */
export function followLinks(ports: DevicePorts): DevicePorts {
  return { ...ports, open: (path, settings, signal) => ports.open(targetOf(path), settings, signal) };
}

function targetOf(path: string): string {
  try {
    const target = readlinkSync(path);
    return isServerAddress(target) ? target : path;
  } catch {
    // No link: the port is missing, or a path of its own.
    return path;
  }
}
