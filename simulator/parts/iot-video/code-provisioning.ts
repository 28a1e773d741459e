import type { StoredIdentity } from '../../flash/index.ts';
import { newLogin, type Session } from '../at/index.ts';
import { Binding } from '../provisioning/index.ts';
import { WifiSide } from '../wifi/index.ts';
import { readWifiCode, type WifiCodeContent } from './read-wifi-code.ts';

/** How long the firmware looks at a picture until it has found and read a code. */
const LOOK_MS = 400;
const CONNECTION = { keepAliveS: 240, cleanSession: true, reconnect: true, timeoutMs: 5_000 } as const;

/**
 * Provisioning by a code in front of the lens (document 001): the device reads the code, joins the network, logs in, and only then
 * reports the token. A device that is bound looks at no code until it was released, which makes it forget its network.
 */
export class CodeProvisioning {
  readonly #session: Session;
  readonly #wifi: WifiSide;
  readonly #binding: Binding;
  #isBusy = false;

  constructor(session: Session) {
    const { connection, context, network } = session;
    this.#session = session;
    this.#wifi = new WifiSide(context);
    this.#binding = new Binding({
      context,
      connection,
      onUnbound: () => {
        this.#wifi.forget();
        network.forget();
        session.track(connection.close(false));
      },
    });
  }

  /** Shows the device a text that its lens has read. False when it looks at no code now. */
  see(text: string): boolean {
    if (this.#isBusy || this.#binding.isBound || this.#session.connection.isOpen) return false;
    this.#isBusy = true;
    this.#session.track(this.#read(text).finally(() => (this.#isBusy = false)));
    return true;
  }

  async onConnected(identity: StoredIdentity): Promise<void> {
    await this.#binding.onConnected(identity);
  }

  onMessage(identity: StoredIdentity, topic: string, payload: Uint8Array): void {
    this.#binding.onMessage(identity, topic, payload);
  }

  async #read(text: string): Promise<void> {
    const { context, signal } = this.#session;
    await context.wait(LOOK_MS, signal);
    const code = readWifiCode(text);
    if (code !== null && context.faults.take('no-code') === null) await this.#provision(code);
  }

  async #provision({ ssid, password, token }: WifiCodeContent): Promise<void> {
    const { connection, context, memory, network, signal } = this.#session;
    const { identity } = context.flash;
    if ((await this.#wifi.join(ssid, password, signal)) !== 'joined') return network.leave();
    const [name, key] = [ssid, password].map((text) => Buffer.from(text).toString('latin1'));
    network.join(name ?? '', key ?? '', true);
    const url = context.faults.take('broker-away') === null ? context.mqttUrl : null;
    if (identity === null || url === null) return;
    const login = (): ReturnType<typeof newLogin> => newLogin(context, identity);
    // It logs in again by itself after a restart for an update.
    memory.mqtt = CONNECTION;
    if (await connection.open({ url, login, ...CONNECTION }, signal))
      await this.#binding.report(identity, token);
  }
}
