import { createHmac } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';

import { Aedes, type AedesPublishPacket } from 'aedes';

import { Changes } from '../../support/until.ts';

export interface Heard {
  readonly topic: string;
  readonly payload: string;
}

/** Somebody else's broker with the login check of document 002: the cloud that a test needs. */
export class TestBroker implements AsyncDisposable {
  readonly url: string;
  readonly heard: Heard[] = [];
  readonly logins: { readonly clientId: string; readonly username: string; readonly accepted: boolean }[] =
    [];
  readonly #aedes: Aedes;
  readonly #sockets: Set<Socket>;
  readonly #close: () => Promise<void>;
  readonly #changes = new Changes();

  private constructor(aedes: Aedes, url: string, sockets: Set<Socket>, close: () => Promise<void>) {
    this.#aedes = aedes;
    this.url = url;
    this.#sockets = sockets;
    this.#close = close;
  }

  /** `secrets` maps client ids (ProductId + DeviceName) to device secrets. */
  static async start(secrets: ReadonlyMap<string, string>): Promise<TestBroker> {
    const aedes = await Aedes.createBroker();
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      aedes.handle(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const broker = new TestBroker(aedes, url, sockets, async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
    });
    aedes.authenticate = (client, username, password, done) => {
      const accepted = isGenuine(secrets.get(client.id), String(username ?? ''), String(password ?? ''));
      broker.logins.push({ clientId: client.id, username: String(username ?? ''), accepted });
      done(null, accepted);
    };
    aedes.authorizeSubscribe = (_client, subscription, done) => {
      done(null, subscription.topic.startsWith('forbidden/') ? null : subscription);
    };
    aedes.on('publish', (packet: AedesPublishPacket, client) => {
      if (client === null) return;
      broker.heard.push({ topic: packet.topic, payload: packet.payload.toString() });
      broker.#changes.notify();
    });
    return broker;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  publish(topic: string, payload: string): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#aedes.publish(
        { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 0, retain: false, dup: false },
        (error) => (error ? reject(error) : resolve()),
      ),
    );
  }

  hears(fits: (heard: Heard) => boolean): Promise<Heard> {
    return this.#changes.until(
      () => this.heard.find(fits),
      () => `the broker heard only ${JSON.stringify(this.heard)}`,
    );
  }

  /** Cuts every connection, as a network does. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  get connections(): number {
    return this.#sockets.size;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}

function isGenuine(secret: string | undefined, username: string, password: string): boolean {
  if (secret === undefined) return false;
  const expiryS = Number(username.split(';')[3]);
  if (!(expiryS > Date.now() / 1_000)) return false;
  const signature = createHmac('sha256', Buffer.from(secret, 'base64')).update(username).digest('hex');
  return password === `${signature};hmacsha256`;
}
