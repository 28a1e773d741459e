import { connect, type IClientOptions, type MqttClient } from 'mqtt';

import { withDeadline } from '#node-kit/async/index.ts';
import { delay } from '../../platform/index.ts';
import type { Login } from './login.ts';

export interface MqttConnectionOptions {
  readonly url: string;
  /** Creates a new login for each attempt, because it contains a time and a random part. */
  readonly login: () => Login;
  readonly keepAliveS: number;
  readonly cleanSession: boolean;
  readonly reconnect: boolean;
  /** Longest time for one exchange with the broker. */
  readonly timeoutMs: number;
}

/** Unsolicited events of the connection. */
export interface MqttConnectionEvents {
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  readonly onLost: () => void;
  readonly onReconnecting: () => void;
  /** Called after each login. `again` is false for the first one. */
  readonly onConnected: (again: boolean) => void;
}

const RECONNECT_FIRST_MS = 1_000;
const RECONNECT_LONGEST_MS = 60_000;
const FAREWELL_MS = 2_000;

/**
 * The module's MQTT connection: a real client that logs in to a real broker. It stays open until `close`. When the broker
 * is lost, it reports that and, with the option `reconnect`, reconnects with growing pauses.
 */
export class MqttConnection {
  readonly #events: MqttConnectionEvents;
  #client: MqttClient | null = null;
  #connected = false;
  #lifetime: AbortController | null = null;

  constructor(events: MqttConnectionEvents) {
    this.#events = events;
  }

  /** Whether the module is logged in. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Whether the connection was opened and not closed, also while it reconnects. The identity cannot change meanwhile. */
  get isOpen(): boolean {
    return this.#lifetime !== null;
  }

  /** Logs in. Returns false and closes when the broker refuses, does not reply or is not reachable. */
  async open(options: MqttConnectionOptions, power: AbortSignal): Promise<boolean> {
    const lifetime = new AbortController();
    this.#lifetime = lifetime;
    const signal = AbortSignal.any([lifetime.signal, power]);
    const client = await logIn(options, signal);
    if (client === null || signal.aborted) {
      client?.end(true);
      if (this.#lifetime === lifetime) this.#lifetime = null;
      return false;
    }
    this.#adopt(client, options, signal);
    this.#events.onConnected(false);
    return true;
  }

  /** Returns false when the broker does not confirm in time (QoS 1), and without a connection. */
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

  /** Disconnects. `abruptly` skips the MQTT disconnect, as at power-off. */
  async close(abruptly: boolean): Promise<void> {
    this.#lifetime?.abort();
    this.#lifetime = null;
    this.#connected = false;
    const client = this.#client;
    this.#client = null;
    if (client === null) return;
    if (abruptly) client.stream.destroy();
    // A frozen broker does not confirm the disconnect, so that the wait is limited.
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
      // Only an abort ends the loop without success: the connection was closed, or power is off.
    }
  }
}

/** TLS as in Tencent's C SDK (`HAL_TLS_mbedtls.c`): version 1.2, one suite, no certificate. */
function pskSettings({ identity, key }: NonNullable<Login['psk']>): object {
  return {
    pskCallback: () => ({ identity, psk: key }),
    ciphers: 'PSK-AES128-CBC-SHA',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    // There is no certificate to check: the key proves both sides to each other.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  };
}

/** One login attempt; `null` when it fails. */
async function logIn(options: MqttConnectionOptions, signal: AbortSignal): Promise<MqttClient | null> {
  if (signal.aborted) return null;
  const { psk, ...login } = options.login();
  const settings: IClientOptions = {
    ...login,
    ...(psk === undefined ? {} : pskSettings(psk)),
    protocolVersion: 4,
    keepalive: options.keepAliveS,
    clean: options.cleanSession,
    connectTimeout: options.timeoutMs,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  };
  const client = connect(options.url, settings);
  // A client without an error listener throws. Each error is followed by `close`, which is handled.
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

/** The result that `start` reports; false after the timeout. */
function confirmed(timeoutMs: number, start: (done: (ok: boolean) => void) => void): Promise<boolean> {
  return withDeadline(new Promise(start), { timeoutMs, onTimeout: () => false });
}
