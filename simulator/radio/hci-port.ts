import { H4Parser } from '#node-kit/hci/index.ts';
import type { Port } from '../serial-line/index.ts';
import type { RadioMedium } from './radio-medium.ts';
import { VirtualController } from './virtual-controller.ts';

/** A Bluetooth adapter on a port: a virtual controller that speaks H4 over a pty or TCP. */
export interface HciPort {
  /** The path that a host opens: that of a serial port, or `tcp://127.0.0.1:<port>`. */
  readonly path: string;
  readonly controller: VirtualController;
  /**
   * Unplugs the adapter: a host that has the port open is hung up. The number of a pty stays reserved until the medium
   * is disposed, so that a host that looks for the adapter does not open an unrelated terminal.
   */
  close(): void;
}

/** Above this backlog, packets for the host are dropped, as on a UART without flow control. */
const UNREAD_LIMIT_BYTES = 65_536;

/** Connects a controller to a port, which is closed with the medium. `extended: false` makes an adapter without Bluetooth 5. */
export function openHciPort(
  medium: RadioMedium,
  port: Port,
  options: { readonly address: string; readonly extended?: boolean },
): HciPort {
  const controller = new VirtualController(medium, options);
  const parser = new H4Parser();
  controller.attach((packet) => {
    if (port.master.writableLength < UNREAD_LIMIT_BYTES) port.master.write(packet);
  });
  port.master.on('data', (chunk: Buffer) => {
    for (const packet of parser.push(chunk)) controller.receive(packet);
  });
  const close = (): Disposable => {
    controller.close();
    return port.unplug();
  };
  medium.onDispose(() => close()[Symbol.dispose]());
  return { path: port.path, controller, close: () => void close() };
}
