import type { IdentityName } from '#shared/domain/triple.ts';

import type { DeviceContext } from '../../profiles/profile.ts';
import { Binding } from '../binding/index.ts';
import type { MqttConnection } from './mqtt-connection.ts';

export interface TokenReportOptions {
  readonly context: DeviceContext;
  /** The present connection; `null` without power. */
  readonly connection: () => MqttConnection | null;
  /** A user has deleted the unit at the cloud. */
  readonly onUnbound: () => void;
}

/** Reports the token that a module was given by an app, after its next login, and hears who has it then. */
export class TokenReport {
  readonly #binding: Binding;
  #token: string | null = null;
  /** The module has been given a token since it was made: it listens to its cloud. */
  #isProvisioned = false;

  constructor({ context, connection, onUnbound }: TokenReportOptions) {
    this.#binding = new Binding({
      context,
      connection: {
        publish: (...message) => connection()?.publish(...message) ?? Promise.resolve(false),
        subscribe: (...filter) => connection()?.subscribe(...filter) ?? Promise.resolve(false),
      },
      onUnbound,
    });
  }

  keep(token: string): void {
    this.#token = token;
    this.#isProvisioned = true;
  }

  async onConnected(identity: IdentityName): Promise<void> {
    if (!this.#isProvisioned) return;
    await this.#binding.onConnected(identity);
    const token = this.#token;
    if (token === null) return;
    const reply = await this.#binding.report(identity, token);
    // A token that was answered is over, whatever the answer.
    if (typeof reply === 'object') this.#token = null;
  }

  onMessage(identity: IdentityName, topic: string, payload: Uint8Array): void {
    this.#binding.onMessage(identity, topic, payload);
  }
}
