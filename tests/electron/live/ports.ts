import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** A message about a port whose two ends are in different processes, or in a process and a page. */
export type PortMessage =
  | { readonly id: number; readonly data: unknown }
  | { readonly id: number; readonly closed: true };

/**
 * The ports that one other process or page holds: what arrives for a port is posted to its end here, and what is posted
 * to that end is sent.
 */
export class CarriedPorts {
  readonly #ends = new Map<number, MessagePort>();
  readonly #send: (message: PortMessage) => void;

  constructor(send: (message: PortMessage) => void) {
    this.#send = send;
  }

  /** Carries an end of a channel to the other side, which knows it by this id. */
  carry(id: number, end: MessagePort): void {
    this.#ends.set(id, end);
    end.on('message', (data: unknown) => this.#send({ id, data }));
    end.on('close', () => {
      if (this.#ends.delete(id)) this.#send({ id, closed: true });
    });
  }

  /** The end here of a channel whose other end is on the other side. */
  accept(id: number): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.carry(id, port2);
    return port1;
  }

  receive(message: PortMessage): void {
    const end = this.#ends.get(message.id);
    if (end === undefined) return;
    if ('data' in message) end.postMessage(message.data);
    else {
      this.#ends.delete(message.id);
      end.close();
    }
  }

  /** The other side has ended, and its ends with it. */
  closeAll(): void {
    const ends = [...this.#ends.values()];
    this.#ends.clear();
    for (const end of ends) end.close();
  }
}
