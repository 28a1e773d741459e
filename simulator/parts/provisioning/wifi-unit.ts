import type { DeviceContext } from '../../profiles/profile.ts';
import { MqttConnection, newLogin } from '../at/index.ts';
import { Binding, type TokenReply } from '../binding/index.ts';
import { SelfUpdates } from '../ota/index.ts';
import { Tasks } from '../tasks.ts';
import { type JoinResult, WifiSide } from '../wifi/index.ts';

const LOGIN = { keepAliveS: 60, cleanSession: true, reconnect: true, timeoutMs: 5_000 } as const;

/** From the supply to the first packet. */
const BOOT_MS = 300;

/** Where a provisioning has ended. `reply`: the unit is online and has reported its token. */
export type ProvisioningResult =
  | { readonly stage: 'join'; readonly result: Exclude<JoinResult, 'joined'> }
  | { readonly stage: 'login'; readonly result: 'no-identity' | 'no-broker' | 'refused' }
  | { readonly stage: 'reply'; readonly reply: TokenReply };

export interface WifiUnitEvents {
  /** The cloud has said that a user has bound the unit. */
  readonly onBound?: () => void;
  /** A user has deleted the unit: the network is forgotten, and the unit is offline. */
  readonly onUnbound?: () => void;
}

/**
 * The network part of a unit that is provisioned over the air: it joins a Wi-Fi network, logs in to the broker with the identity
 * in its flash, and reports its provisioning token, in this order. It is told when it is bound, and forgets its network when it is
 * released. It takes updates over the network and restarts with them.
 */
export class WifiUnit {
  readonly wifi: WifiSide;
  readonly #context: DeviceContext;
  readonly #binding: Binding;
  readonly #connection: MqttConnection;
  readonly #events: WifiUnitEvents;
  readonly #updates: SelfUpdates;
  readonly #tasks: Tasks;
  /** From a boot to the next power-off or restart. */
  #power = new AbortController();

  /** @param factoryVersion version of the firmware of the factory */
  constructor(context: DeviceContext, factoryVersion: string, events: WifiUnitEvents = {}) {
    this.#context = context;
    this.#tasks = new Tasks(context.onError);
    this.#events = events;
    this.wifi = new WifiSide(context);
    this.#connection = new MqttConnection({
      onMessage: (topic, payload) => {
        const { identity } = context.flash;
        if (identity === null) return;
        this.#binding.onMessage(identity, topic, payload);
        this.#tasks.track(this.#updates.onMessage(identity, topic, payload));
      },
      onLost: () => undefined,
      onReconnecting: () => undefined,
      onConnected: (again) => {
        const { identity } = context.flash;
        if (identity === null) return;
        if (again) void this.#binding.onConnected(identity);
        this.#tasks.track(this.#updates.onConnected(identity));
      },
    });
    this.#binding = new Binding({
      context,
      connection: this.#connection,
      onBound: () => events.onBound?.(),
      onUnbound: () => void this.#reset(),
    });
    this.#updates = new SelfUpdates({
      context,
      connection: this.#connection,
      factoryVersion,
      restart: () => this.#tasks.track(this.#restart()),
    });
    this.#updates.powerOn(this.#power.signal);
  }

  /** Whether the unit is logged in to the broker. */
  get online(): boolean {
    return this.#connection.connected;
  }

  /** The version of the firmware that runs. */
  get version(): string {
    return this.#updates.version;
  }

  get isBound(): boolean {
    return this.#binding.isBound;
  }

  /** Joins a network; a login to the cloud ends before it. Errors: as `WifiSide.join`. */
  async join(ssid: string, password: string, signal: AbortSignal): Promise<JoinResult> {
    await this.#connection.close(true);
    return this.wifi.join(ssid, password, signal);
  }

  /** Logs in with the identity in the flash. The network must be joined. Errors: the signal's reason. */
  async logIn(signal: AbortSignal): Promise<'online' | 'no-identity' | 'no-broker' | 'refused'> {
    const { mqttUrl, flash, faults } = this.#context;
    const { identity } = flash;
    if (this.online) return 'online';
    if (identity === null) return 'no-identity';
    if (this.wifi.joined === null || mqttUrl === null || faults.take('broker-away') !== null)
      return 'no-broker';
    await this.#connection.close(true);
    const login = (): ReturnType<typeof newLogin> => newLogin(this.#context, identity);
    const isOpen = await this.#connection.open({ url: mqttUrl, login, ...LOGIN }, signal);
    signal.throwIfAborted();
    if (!isOpen || !(await this.#binding.onConnected(identity))) return 'refused';
    return 'online';
  }

  /** Reports a token; the unit must be online. */
  async reportToken(token: string): Promise<TokenReply> {
    const { identity } = this.#context.flash;
    return identity === null || !this.online ? 'not-sent' : this.#binding.report(identity, token);
  }

  /** Joins, logs in and reports the token; ends at the first stage that fails. Errors: the signal's reason. */
  async provision(
    { ssid, password, token }: { readonly ssid: string; readonly password: string; readonly token: string },
    signal: AbortSignal,
  ): Promise<ProvisioningResult> {
    const joined = await this.join(ssid, password, signal);
    if (joined !== 'joined') return { stage: 'join', result: joined };
    const result = await this.logIn(signal);
    if (result !== 'online') return { stage: 'login', result };
    return { stage: 'reply', reply: await this.reportToken(token) };
  }

  /** Ends the connection. `abruptly`: as at power-off. The network is kept. */
  async close(abruptly: boolean): Promise<void> {
    this.#boot();
    this.wifi.leave();
    await this.#connection.close(abruptly);
    await this.#tasks.settled();
  }

  /** Ends what belongs to the last boot. */
  #boot(): AbortSignal {
    this.#power.abort();
    this.#power = new AbortController();
    this.#updates.powerOn(this.#power.signal);
    return this.#power.signal;
  }

  /** With a new firmware, or after a short loss of the supply: the unit joins its network and logs in by itself. */
  async #restart(): Promise<void> {
    const signal = this.#boot();
    this.wifi.leave();
    await this.#connection.close(true);
    await this.#context.wait(BOOT_MS, signal);
    if ((await this.wifi.rejoin(signal)) === 'joined') await this.logIn(signal);
  }

  async #reset(): Promise<void> {
    this.wifi.forget();
    await this.#connection.close(false);
    this.#events.onUnbound?.();
  }
}
