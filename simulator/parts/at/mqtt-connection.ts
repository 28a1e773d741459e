import { connect, type IClientOptions, type MqttClient } from 'mqtt';

import { withDeadline } from '#node-kit/async/index.ts';
import { delay } from '../../platform/index.ts';
import type { Login } from './login.ts';

export interface MqttConnectionOptions {
  readonly url: string;
  /** A new login for every attempt: it carries a time and a random part. */
  readonly login: () => Login;
  readonly keepAliveS: number;
  readonly cleanSession: boolean;
  readonly reconnect: boolean;
  /** Longest time for one exchange with the broker. */
  readonly timeoutMs: number;
}

/** What the module learns of its connection without having asked. */
export interface MqttConnectionEvents {
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  readonly onLost: () => void;
  readonly onReconnecting: () => void;
  /** After a login, the first one and later ones. */
  readonly onConnected: (again: boolean) => void;
}

const RECONNECT_FIRST_MS = 1_000;
const RECONNECT_LONGEST_MS = 60_000;
const FAREWELL_MS = 2_000;

/**
 * The module's MQTT connection: a real client that logs in to a real broker. It stays until it is told to close;
 * when the broker is gone it says so and, if asked to, tries again with growing pauses.
 */
export class MqttConnection {
  readonly #events: MqttConnectionEvents;
  #client: MqttClient | null = null;
  #connected = false;
  #lifetime: AbortController | null = null;

  constructor(events: MqttConnectionEvents) {
    this.#events = events;
  }

  /** Whether the broker has let the module in. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Whether there is a connection or the wish for one: then the module refuses to be given another identity. */
  get isOpen(): boolean {
    return this.#lifetime !== null;
  }

  /** Logs in. `false` when the broker refuses, is silent or is not there; then nothing is left running. */
  async open(options: MqttConnectionOptions, power: AbortSignal): Promise<boolean> {
    const lifetime = new AbortController();
    this.#lifetime = lifetime;
    const signal = AbortSignal.any([lifetime.signal, power]);
    const client = await logIn(options, signal);
    if (client === null || signal.aborted) {
      client?.end(true);
      if (this.#lifetime === life) this.#lifetime = null;
      return false;
    }
    this.#adopt(client, options, signal);
    this.#events.onConnected(false);
    return true;
  }

  /** `false` when the broker does not confirm in time (QoS 1), or there is no connection. */
  async publish(topic: string, payload: Uint8Array, qos: 0 | 1, timeoutMs: number): Promise<boolean> {
    const client = this.#client;
    if (client === null || !this.#connected) return false;
    return confirmed(timeoutMs, (done) => {
      client.publish(topic, Buffer.from(payload), { qos }, (error) => done(!error));
    });
  }

  async subscribe(filter: string, qos: 0 | 1, timeoutMs: number): Promise<boolean> {
    const client = this.#client;
    if (client === null || !this.#connected) return false;
    return confirmed(timeoutMs, (done) => {
      client.subscribe(filter, { qos }, (error, granted) => {
        done(!error && granted?.every((grant) => grant.qos < 0x80) === true);
      });
    });
  }

  async unsubscribe(filter: string, timeoutMs: number): Promise<boolean> {
    const client = this.#client;
    if (client === null || !this.#connected) return false;
    return confirmed(timeoutMs, (done) => {
      client.unsubscribe(filter, (error) => done(!error));
    });
  }

  /** Ends the connection in good order, or at once when `abruptly` (power is gone). */
  async close(abruptly: boolean): Promise<void> {
    this.#lifetime?.abort();
    this.#lifetime = null;
    this.#connected = false;
    const client = this.#client;
    this.#client = null;
    if (client === null) return;
    if (abruptly) client.stream.destroy();
    // A broker that has frozen confirms nothing; the module does not wait for it forever.
    await confirmed(FAREWELL_MS, (done) => void client.end(abruptly, {}, () => done(true)));
    client.end(true);
  }

  #adopt(client: MqttClient, options: MqttConnectionOptions, signal: AbortSignal): void {
    this.#client = client;
    this.#connected = true;
    client.on('message', (topic, payload) => this.#events.onMessage(topic, payload));
    client.once('close', () => {
      if (signal.aborted || this.#client !== client) return;
      this.#connected = false;
      this.#client = null;
      client.end(true);
      this.#events.onLost();
      if (options.reconnect) void this.#reconnect(options, signal);
      else this.#lifetime = null;
    });
  }

  async #reconnect(options: MqttConnectionOptions, signal: AbortSignal): Promise<void> {
    let pauseMs = RECONNECT_FIRST_MS;
    try {
      for (;;) {
        await delay(pauseMs, signal);
        this.#events.onReconnecting();
        const client = await logIn(options, signal);
        if (client !== null) {
          this.#adopt(client, options, signal);
          this.#events.onConnected(true);
          return;
        }
        pauseMs = Math.min(pauseMs * 2, RECONNECT_LONGEST_MS);
      }
    } catch {
      // The only way out of the loop but success is the signal: the module was told to stop, or lost power.
    }
  }
}

/** One attempt; `null` when it comes to nothing. */
async function logIn(options: MqttConnectionOptions, signal: AbortSignal): Promise<MqttClient | null> {
  if (signal.aborted) return null;
  const settings: IClientOptions = {
    ...options.login(),
    protocolVersion: 4,
    keepalive: options.keepAliveS,
    clean: options.cleanSession,
    connectTimeout: options.timeoutMs,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  };
  const client = connect(options.url, settings);
  // A client without a listener throws; what an error means is read from the close that follows it.
  client.on('error', () => undefined);
  const connected = await new Promise<boolean>((resolve) => {
    client.once('connect', () => resolve(true));
    client.once('error', () => resolve(false));
    client.once('close', () => resolve(false));
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  if (connected) return client;
  client.end(true);
  return null;
}

/** What `start` says when it is done; false when that takes too long. */
function confirmed(timeoutMs: number, start: (done: (ok: boolean) => void) => void): Promise<boolean> {
  return withDeadline(new Promise(start), { timeoutMs, onTimeout: () => false });
}
