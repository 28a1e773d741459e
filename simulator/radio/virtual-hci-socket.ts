import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';

import type { VirtualController } from './virtual-controller.ts';

/** Name under which noble and bleno find the driver: `{ hciDriver: 'virtual', bindParams: { controller } }`. */
export const VIRTUAL_DRIVER = 'virtual';

export interface VirtualBinding {
  readonly controller: VirtualController;
}

/**
 * A driver for `@stoprocent/bluetooth-hci-socket` that connects to a virtual controller in this process. Packets are
 * delivered with `setImmediate`, because neither library expects a reply within its own call.
 */
class VirtualHciSocket extends EventEmitter {
  #controller: VirtualController | null = null;
  #running = false;

  bindRaw(_device: number | undefined, binding?: VirtualBinding): void {
    this.#controller = binding?.controller ?? null;
  }

  bindUser(device: number | undefined, binding?: VirtualBinding): void {
    this.bindRaw(device, binding);
  }

  /** bleno opens a control socket per connection. A virtual controller has nothing to control. */
  bindControl(): void {
    this.#controller = null;
  }

  setFilter(): void {
    // All packets are passed on. The host ignores those that it does not use.
  }

  isDevUp(): boolean {
    return this.#running;
  }

  start(): void {
    const controller = this.#controller;
    if (controller === null || this.#running) return;
    this.#running = true;
    controller.attach((packet) => {
      setImmediate(() => {
        if (this.#running) this.emit('data', packet);
      });
    });
  }

  stop(): void {
    this.#running = false;
  }

  write(packet: Buffer): void {
    const copy = Buffer.from(packet);
    setImmediate(() => {
      if (this.#running) this.#controller?.receive(copy);
    });
  }

  reset(): void {
    this.write(Buffer.of(0x01, 0x03, 0x0c, 0x00));
  }
}

interface Drivers {
  loadDriver(name: string): unknown;
}

/**
 * Registers the driver `virtual` in the HCI library that noble and bleno share. Both copy `loadDriver` when they are
 * loaded, so that this must be called before the first import of either. Safe to call again.
 */
export function installVirtualDriver(): void {
  const load = createRequire(import.meta.url);
  const drivers = createRequire(load.resolve('@stoprocent/bleno'))(
    '@stoprocent/bluetooth-hci-socket',
  ) as Drivers;
  const original = drivers.loadDriver;
  if (original(VIRTUAL_DRIVER) === VirtualHciSocket) return;
  drivers.loadDriver = (name) => (name === VIRTUAL_DRIVER ? VirtualHciSocket : original(name));
}
