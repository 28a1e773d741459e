import type { IdentityName } from '#shared/domain/triple.ts';
import { withDeadline } from '#node-kit/async/index.ts';

import type { DeviceContext } from '../../profiles/profile.ts';

/** The part of an MQTT connection that a report of a token needs. */
export interface BindingConnection {
  publish(topic: string, payload: Uint8Array, qos: 0 | 1, timeoutMs: number): Promise<boolean>;
  subscribe(filter: string, qos: 0 | 1, timeoutMs: number): Promise<boolean>;
}

export interface BindingOptions {
  readonly context: Pick<DeviceContext, 'faults'>;
  readonly connection: BindingConnection;
  /** The cloud says that a user has bound the unit. */
  readonly onBound?: () => void;
  /** A user has deleted the unit: it forgets its network and is in factory state. */
  readonly onUnbound?: () => void;
}

/** Reply to a token: its code, 0 when it was accepted; `no-reply` after the timeout; `not-sent` without a connection. */
export type TokenReply = { readonly code: number; readonly status: string } | 'no-reply' | 'not-sent';

const EXCHANGE_TIMEOUT_MS = 5_000;
const REPLY_TIMEOUT_MS = 5_000;

/**
 * Binding of a unit that is online: it reports its provisioning token (`app_bind_token`) and is told by the cloud that it was
 * bound or released (`bind_device`, `unbind_device`). Source: Tencent IoT Explorer, service topics
 * `$thing/{up,down}/service/{productId}/{deviceName}`.
 */
export class Binding {
  readonly #options: BindingOptions;
  readonly #waiting = new Map<string, (reply: TokenReply) => void>();
  #replies = 0;
  #isBound = false;

  constructor(options: BindingOptions) {
    this.#options = options;
  }

  /** Whether the cloud has said that a user has bound the unit, and has not released it. */
  get isBound(): boolean {
    return this.#isBound;
  }

  /** Called after each login: listens to the cloud. False when the broker refuses. */
  onConnected(identity: IdentityName): Promise<boolean> {
    return this.#options.connection.subscribe(topicsOf(identity).down, 1, EXCHANGE_TIMEOUT_MS);
  }

  /** Reports a token and waits for the reply. The fault `token-wrong` changes it. */
  async report(identity: IdentityName, token: string): Promise<TokenReply> {
    const { context, connection } = this.#options;
    const wrong = context.faults.take('token-wrong');
    const reported = wrong === null ? token : (wrong.token ?? altered(token));
    const clientToken = `bind-${identity.deviceName}-${++this.#replies}`;
    const reply = Promise.withResolvers<TokenReply>();
    this.#waiting.set(clientToken, reply.resolve);
    try {
      const request = { method: 'app_bind_token', clientToken, params: { token: reported } };
      if (!(await this.#send(identity, request, connection))) return 'not-sent';
      return await withDeadline<TokenReply>(reply.promise, {
        timeoutMs: REPLY_TIMEOUT_MS,
        onTimeout: () => 'no-reply',
      });
    } finally {
      this.#waiting.delete(clientToken);
    }
  }

  /** The unit itself ends its binding, as by its reset key. False when the message was not confirmed. */
  async release(identity: IdentityName): Promise<boolean> {
    this.#isBound = false;
    const clientToken = `unbind-${identity.deviceName}-${++this.#replies}`;
    return this.#send(identity, { method: 'unbind_device', clientToken }, this.#options.connection);
  }

  /** Handles a message of the connection. Messages on other topics are ignored. */
  onMessage(identity: IdentityName, topic: string, payload: Uint8Array): void {
    if (topic !== topicsOf(identity).down) return;
    const message = parseObject(payload);
    if (message === null) return;
    switch (message['method']) {
      case 'app_bind_token_reply': {
        const { clientToken, code, status } = message;
        if (typeof clientToken !== 'string' || typeof code !== 'number') return;
        this.#waiting.get(clientToken)?.({ code, status: typeof status === 'string' ? status : '' });
        return;
      }
      case 'bind_device':
        this.#isBound = true;
        this.#options.onBound?.();
        return;
      case 'unbind_device':
        this.#isBound = false;
        this.#options.onUnbound?.();
        return;
      default:
    }
  }

  #send(identity: IdentityName, message: object, connection: BindingConnection): Promise<boolean> {
    const payload = Buffer.from(JSON.stringify(message));
    return connection.publish(topicsOf(identity).up, payload, 1, EXCHANGE_TIMEOUT_MS);
  }
}

/** The same length, with another last character. */
function altered(token: string): string {
  return `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
}

function topicsOf({ productId, deviceName }: IdentityName): { readonly up: string; readonly down: string } {
  return {
    up: `$thing/up/service/${productId}/${deviceName}`,
    down: `$thing/down/service/${productId}/${deviceName}`,
  };
}

function parseObject(payload: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const json: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
