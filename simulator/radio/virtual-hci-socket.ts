import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';

import type { VirtualController } from './virtual-controller.ts';

/** Name under which noble and bleno find the driver: `{ hciDriver: 'virtual', bindParams: { controller } }`. */
export const VIRTUAL_DRIVER = 'virtual';

export interface VirtualBinding {
  readonly controller: VirtualController;
}

/**
 * A driver for `@stoprocent/bluetooth-hci-socket` that leads to a virtual controller in this process. Packets go over
 * in a later turn of the event loop, as they would on any wire: neither library expects an answer within its own call.
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

  /** bleno opens a control socket per link; there is nothing to control. */
  bindControl(): void {
    this.#controller = null;
  }

  setFilter(): void {
    // Everything is passed on; what the host has no use for it ignores.
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
 * Teaches the HCI library that noble and bleno share the driver `virtual`. They take its `loadDriver` when they are
 * loaded, so this comes before the first import of either in a process. Safe to call again.
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
