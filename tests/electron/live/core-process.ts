import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { CarriedPorts, type PortMessage } from './ports.ts';

/** Between main and the process of the core. */
export type CoreWire =
  | { readonly kind: 'parent'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly kind: 'port'; readonly message: PortMessage };

/** A utility process: a process of Node that runs a bundle with a parent port, and with ports that main posts to it. */
export class LiveUtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  readonly #ports: CarriedPorts;
  #nextId = 1;

  constructor(entry: string, env: NodeJS.ProcessEnv) {
    super();
    this.#child = fork(join(import.meta.dirname, 'core-child.ts'), [entry], {
      serialization: 'advanced',
      env,
      execArgv: [],
    });
    this.#ports = new CarriedPorts((message) => this.#send({ kind: 'port', message }));
    this.#child.on('message', (wire: CoreWire) => {
      if (wire.kind === 'port') this.#ports.receive(wire.message);
      else this.emit('message', wire.data);
    });
    this.#child.on('exit', (status) => {
      this.#ports.closeAll();
      this.emit('exit', status ?? 1);
    });
  }

  postMessage(data: unknown, ports: readonly MessagePort[] = []): void {
    const ids = ports.map((port) => {
      const id = this.#nextId++;
      this.#ports.carry(id, port);
      return id;
    });
    this.#send({ kind: 'parent', data, ports: ids });
  }

  kill(): boolean {
    return this.#child.kill();
  }

  #send(wire: CoreWire): void {
    if (this.#child.connected) this.#child.send(wire);
  }
}
