import type { Libc } from '../pty/index.ts';
import { openPty } from '../pty/index.ts';
import { H4Parser } from './h4-parser.ts';
import type { VirtualAir } from './radio-medium.ts';
import { VirtualController } from './virtual-controller.ts';

/** A Bluetooth adapter on a serial port: a virtual controller that speaks H4 over a pty. */
export interface AirPort {
  /** What a host opens, e.g. noble's UART driver. */
  readonly path: string;
  readonly controller: VirtualController;
  /**
   * Pulls the adapter out: a host that has the port open is hung up. The system gives the number of the port to no other
   * terminal until the air is gone: a host that looks for the adapter must not find the port of something else.
   */
  close(): void;
}

/** What a host has not read by then is lost, whole packets at a time, as when a UART has no flow control. */
const UNREAD_LIMIT_BYTES = 65_536;

/** Opens a port; `extended` false makes it an adapter of before Bluetooth 5. Ends with the air. */
export function openAirPort(
  air: VirtualAir,
  libc: Libc,
  options: { readonly address: string; readonly extended?: boolean },
): AirPort {
  const pty = openPty(libc);
  const controller = new VirtualController(air, options);
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
  air.onDispose(() => close()[Symbol.dispose]());
  return { path: pty.path, controller, close: () => void close() };
}
