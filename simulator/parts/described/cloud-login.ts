import type { DeviceContext } from '../../profiles/profile.ts';
import { MqttConnection, newLogin } from '../at/index.ts';
import { SelfUpdates } from '../ota/index.ts';
import type { Tasks } from '../tasks.ts';

const LOGIN = { keepAliveS: 60, cleanSession: true, reconnect: true, timeoutMs: 5_000 } as const;

export interface CloudLoginOptions {
  readonly context: DeviceContext;
  /** Version of the firmware of the factory. */
  readonly factoryVersion: string;
  readonly tasks: Tasks;
  /** Restarts the unit after an update, which then logs in again by itself. */
  readonly restart: () => void;
}

/** The login of a unit to its cloud with the identity in its flash: a real MQTT client, over which the unit also takes updates. */
export class CloudLogin {
  readonly #context: DeviceContext;
  readonly #connection: MqttConnection;
  readonly #updates: SelfUpdates;

  constructor({ context, factoryVersion, tasks, restart }: CloudLoginOptions) {
    this.#context = context;
    this.#connection = new MqttConnection({
      onMessage(topic, payload) {
        const { identity } = context.flash;
        if (identity !== null) tasks.track(updates.onMessage(identity, topic, payload));
      },
      onLost: () => undefined,
      onReconnecting: () => undefined,
      onConnected() {
        const { identity } = context.flash;
        if (identity !== null) tasks.track(updates.onConnected(identity));
      },
    });
    const updates = new SelfUpdates({ context, connection: this.#connection, factoryVersion, restart });
    this.#updates = updates;
  }

  get online(): boolean {
    return this.#connection.connected;
  }

  /** The version of the firmware that runs. */
  get version(): string {
    return this.#updates.version;
  }

  /** Called at each boot. `signal` fires at power-off and restart. */
  powerOn(signal: AbortSignal): void {
    this.#updates.powerOn(signal);
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
