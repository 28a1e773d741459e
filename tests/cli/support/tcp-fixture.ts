import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What lies on a fixture in one run: its MAC, and the question from which on it is silent (0 for never). */
export interface PlannedUnit {
  readonly mac: string;
  readonly silentFrom?: number;
}

/** A fixture on TCP whose units answer three questions; the next unit of its plan is there when a run asks for the MAC. */
export class TcpFixture {
  readonly asked: string[] = [];
  /** Units of the runs to come; without an entry the last one is still there, and answers everything. */
  readonly plan: PlannedUnit[] = [];
  #mac = '';
  #silentFrom = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      for (const text of bytes.toString().split(/\r?\n/).filter(Boolean)) this.#answer(socket, text);
    });
  });

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  /** The unit answers `text` by itself, as one that was silent and is no longer. */
  say(text: string): void {
    for (const socket of this.#sockets) socket.write(`${text}\r\n`);
  }

  #answer(socket: Socket, text: string): void {
    this.asked.push(text);
    const n = Number(/^Q(\d)$/.exec(text)?.[1] ?? 0);
    if (text === 'MAC?') {
      const { mac, silentFrom = 0 } = this.plan.shift() ?? { mac: this.#mac };
      this.#mac = mac;
      this.#silentFrom = silentFrom;
    }
    if (this.#silentFrom > 0 && n >= this.#silentFrom) return;
    socket.write(text === 'MAC?' ? `${this.#mac}\r\n` : `A${n}=${n}\r\n`);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
