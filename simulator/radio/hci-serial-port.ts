import type { Libc } from '../pty/index.ts';
import { openPty } from '../pty/index.ts';
import { H4Parser } from './h4-parser.ts';
import type { RadioMedium } from './radio-medium.ts';
import { VirtualController } from './virtual-controller.ts';

/** A Bluetooth adapter on a serial port: a virtual controller that speaks H4 over a pty. */
export interface HciSerialPort {
  /** The path that a host opens, e.g. noble's UART driver. */
  readonly path: string;
  readonly controller: VirtualController;
  /**
   * Unplugs the adapter: a host that has the port open is hung up. The number of the port stays reserved until the medium
   * is disposed, so that a host that looks for the adapter does not open an unrelated terminal.
   */
  close(): void;
}

/** Above this backlog, packets for the host are dropped, as on a UART without flow control. */
const UNREAD_LIMIT_BYTES = 65_536;

/** Opens a port that is closed with the medium. `extended: false` makes an adapter without Bluetooth 5. */
export function openHciSerialPort(
  medium: RadioMedium,
  libc: Libc,
  options: { readonly address: string; readonly extended?: boolean },
): HciSerialPort {
  const pty = openPty(libc);
  const controller = new VirtualController(medium, options);
  const parser = new H4Parser();
  controller.attach((packet) => {
    if (pty.master.writableLength < UNREAD_LIMIT_BYTES) pty.master.write(packet);
  });
  pty.master.on('data', (chunk: Buffer) => {
    for (const packet of parser.push(chunk)) controller.receive(packet);
  });
  const close = (): Disposable => {
    controller.close();
    return pty.unplug();
  };
  medium.onDispose(() => close()[Symbol.dispose]());
  return { path: pty.path, controller, close: () => void close() };
}
