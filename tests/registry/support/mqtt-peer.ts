import { createHmac } from 'node:crypto';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { PATIENCE_MS } from '../../support/patience.ts';
import { Changes } from '../../support/until.ts';

export interface Login {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

/** What a device of the cloud logs in with, computed here on its own. */
export function loginOf(
  productId: string,
  deviceName: string,
  psk: string,
  options: { expiryS?: number; digest?: 'sha256' | 'sha1' } = {},
): Login {
  const { expiryS = 4_000_000_000, digest = 'sha256' } = options;
  const clientId = productId + deviceName;
  const username = `${clientId};12010126;ZR5GT;${expiryS}`;
  const mac = createHmac(digest, Buffer.from(psk, 'base64')).update(username).digest('hex');
  return { clientId, username, password: `${mac};hmac${digest}` };
}

/** A connection of the public client library, closed with the test. */
export interface Peer extends AsyncDisposable {
  readonly client: MqttClient;
  readonly closed: Promise<void>;
  /** The next message on a topic that was not asked for before, as JSON. */
  next(topic: string): Promise<Record<string, unknown>>;
}

/** Logs in. Rejects with the library's error, whose `code` is the CONNACK return code. */
export async function connectPeer(port: number, login: Login, options: IClientOptions = {}): Promise<Peer> {
  const client = mqtt.connect({
    host: '127.0.0.1',
    port,
    protocol: 'mqtt',
    protocolVersion: 4,
    reconnectPeriod: 0,
    connectTimeout: PATIENCE_MS,
    ...login,
    ...options,
  });
  // From the first moment to the last: a refused connection may break once more after it was refused.
  client.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error('the broker hung up')));
  }).catch(async (error: unknown) => {
    await client.endAsync(true);
    throw error;
  });
  const heard: { topic: string; message: Record<string, unknown> }[] = [];
  const changes = new Changes();
  client.on('message', (topic, payload) => {
    heard.push({ topic, message: JSON.parse(payload.toString('utf8')) as Record<string, unknown> });
    changes.notify();
  });
  return {
    client,
    closed,
    next: (topic) =>
      changes.until(
        () => {
          const at = heard.findIndex((entry) => entry.topic === topic);
          return at < 0 ? undefined : heard.splice(at, 1)[0]?.message;
        },
        () => `nothing on ${topic}`,
      ),
    [Symbol.asyncDispose]: () => client.endAsync(true),
  };
}

/** The CONNACK return code of a login that must fail. */
export async function refusedWith(
  port: number,
  login: Login,
  options: IClientOptions = {},
): Promise<unknown> {
  try {
    await using peer = await connectPeer(port, login, options);
    return `let in as ${peer.client.options.clientId ?? ''}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}
