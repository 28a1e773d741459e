/** The platform on plain Node, which kiosk, CLI and Electron's core process have in common. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { DevicePort, DevicePorts, Platform } from '../../../core/platform/index.ts';
import { isNoPort } from '#shared/domain/slot-port.ts';
import { createAbsentBle } from '../ble/index.ts';
import { createNoPorts } from '../no-port.ts';
import { lendable } from '../lendable-port.ts';
import { createSerialPorts, listPorts, portsByUsbSocket } from '../serial/index.ts';
import { createHostPrinters, createPrinterFilePorts, isPrinterFile } from '../printers/index.ts';
import { createRfc2217Ports, createTcpPorts, isRfc2217Path, isTcpPath } from '../tcp/index.ts';
import { createUdpPorts, isUdpPath } from '../udp/index.ts';
import { readBootId, readMachineId } from './machine-id.ts';
import { createNodeClock } from './clock.ts';
import { readDirectoryFacts } from './directory-facts.ts';
import { createKeyFileBox } from './key-file.ts';
import { createFileLog } from './log-file.ts';
import { createNodeRandom } from './random.ts';

export { isOfKeychain, KEYCHAIN_PREFIX } from './key-file.ts';
export { createNodeRandom } from './random.ts';

/** A host may replace parts of it, as Electron does the SecretBox by the OS keychain. */
export function createNodePlatform(dataDir: string, own: Partial<Platform> = {}): Platform {
  return {
    clock: createNodeClock(),
    random: createNodeRandom(),
    log: createFileLog(dataDir),
    paths: { dataDir },
    secretBox: createKeyFileBox(join(dataDir, 'station.key')),
    devicePorts: createPorts(),
    ble: createAbsentBle(),
    hostPrinters: createHostPrinters(),
    hostName: hostname,
    machineId: () => readMachineId(),
    bootId: readBootId,
    directoryFacts: readDirectoryFacts,
    ...own,
  };
}

/** Ports by their path: a serial port by path or USB location, a TCP or UDP address, a port of a serial server, or a USB printer. */
function createPorts(): DevicePorts {
  const serial = createSerialPorts();
  const tcp = createTcpPorts();
  const udp = createUdpPorts();
  const servers = createRfc2217Ports();
  const printers = createPrinterFilePorts();
  const none = createNoPorts();
  const driverOf = (path: string): DevicePorts => {
    if (isNoPort(path)) return none;
    if (isTcpPath(path)) return tcp;
    if (isUdpPath(path)) return udp;
    if (isRfc2217Path(path)) return servers;
    return isPrinterFile(path) ? printers : serial;
  };
  const byPath: DevicePorts = {
    open: (path, settings, signal) => driverOf(path).open(path, settings, signal),
    findOtherHolders: async (path) =>
      driverOf(path) !== serial ? null : ((await serial.findOtherHolders?.(path)) ?? null),
  };
  const ports = portsByUsbSocket(byPath, listPorts);
  return {
    ...ports,
    async open(path, settings, signal) {
      // A port that was lent comes back whether the run was stopped or not: its teardown needs it.
      const reopen = (closing: AbortSignal): Promise<DevicePort> => ports.open(path, settings, closing);
      return lendable(await ports.open(path, settings, signal), reopen);
    },
  };
}
