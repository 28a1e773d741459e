import { SerialPort } from 'serialport';
import { hostSystem } from '#node-kit/host-system/index.ts';
import type { PortInfo } from '../../../core/platform/index.ts';
import { listUsbSerialPorts } from './list-usb-serial-ports.ts';

/** A port as the bindings list it. */
export interface RawPort {
  readonly path: string;
  readonly manufacturer?: string | undefined;
  readonly locationId?: string | undefined;
  readonly pnpId?: string | undefined;
  readonly serialNumber?: string | undefined;
}

/** The serial ports of this computer with their USB locations. */
export async function listPorts(): Promise<PortInfo[]> {
  return hostSystem().kind === 'linux' ? listUsbSerialPorts() : (await SerialPort.list()).map(toPortInfo);
}

/**
 * macOS has a location of 32 bits, one hex digit for each hub on the path (`14200000`); Windows has a text
 * (`Port_#0004.Hub_#0001`), and where it has none the instance of the device, which for an adapter without a serial
 * number contains its location (`USB\VID_1A86&PID_7523\5&2C0D4C8&0&4`).
 */
export function toPortInfo({ path, manufacturer, locationId, pnpId, serialNumber }: RawPort): PortInfo {
  const instance = /^(?:USB|FTDIBUS)\\.*\\([^\\]+)$/i.exec(pnpId ?? '')?.[1];
  const usbPath = locationId ?? instance ?? null;
  return {
    path,
    usbPath: usbPath === null ? null : `usb:${usbPath}`,
    title: manufacturer ?? null,
    ...(serialNumber === undefined ? {} : { serialNumber }),
  };
}
