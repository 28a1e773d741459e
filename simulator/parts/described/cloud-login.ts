import type { DeviceContext } from '../../profiles/profile.ts';
import { MqttConnection, newLogin } from '../at/index.ts';

const LOGIN = { keepAliveS: 60, cleanSession: true, reconnect: true, timeoutMs: 5_000 } as const;

/** The login of a unit to its cloud with the identity in its flash: a real MQTT client. */
export class CloudLogin {
  readonly #context: DeviceContext;
  readonly #connection = new MqttConnection({
    onMessage: () => undefined,
    onLost: () => undefined,
    onReconnecting: () => undefined,
    onConnected: () => undefined,
  });

  constructor(context: DeviceContext) {
    this.#context = context;
  }

  get online(): boolean {
    return this.#connection.connected;
  }

  /** Logs in, or stays logged in. False without an identity or a network, and when the login is refused. */
  async open(signal: AbortSignal): Promise<boolean> {
    const { mqttUrl, flash } = this.#context;
    const { identity } = flash;
    if (this.online) return true;
    if (mqttUrl === null || identity === null) return false;
    await this.#connection.close(true);
    const login = (): ReturnType<typeof newLogin> => newLogin(this.#context, identity);
    return this.#connection.open({ url: mqttUrl, login, ...LOGIN }, signal);
  }

  /** Ends the login. `abruptly`: as at power-off. */
  close(abruptly: boolean): Promise<void> {
    return this.#connection.close(abruptly);
  }
}
