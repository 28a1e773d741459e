import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

const LOOPBACK = '127.0.0.1';

/** Gets a datagram; `reply` sends one back to where it came from. */
export type OnDatagram = (message: Uint8Array, reply: (bytes: Uint8Array) => void) => void;

/**
 * The UDP ports of one unit on loopback, in place of 192.168.4.1:8266 (provisioning) and 192.168.4.1:9876 (log) in the network of its own
 * access point. They are open as long as the simulator; a unit whose access point is off hears nothing.
 */
export class UnitSockets {
  readonly #provisioning: Socket;
  readonly #log: Socket;
  onProvisioning: OnDatagram | null = null;
  onLog: OnDatagram | null = null;

  private constructor(provisioning: Socket, log: Socket) {
    this.#provisioning = provisioning;
    this.#log = log;
    provisioning.on('message', (bytes, from) => this.onProvisioning?.(bytes, replyTo(provisioning, from)));
    log.on('message', (bytes, from) => this.onLog?.(bytes, replyTo(log, from)));
  }

  static async open(): Promise<UnitSockets> {
    return new UnitSockets(await bound(), await bound());
  }

  get provisioningPort(): number {
    return this.#provisioning.address().port;
  }

  get logPort(): number {
    return this.#log.address().port;
  }

  async close(): Promise<void> {
    for (const socket of [this.#provisioning, this.#log])
      await new Promise<void>((resolve) => socket.close(() => resolve()));
  }
}

function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, LOOPBACK, () => {
      socket.off('error', reject);
      // A datagram that cannot be sent is lost, as in the air.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

function replyTo(socket: Socket, { address, port }: RemoteInfo): (bytes: Uint8Array) => void {
  return (bytes) => socket.send(bytes, port, address, () => undefined);
}
