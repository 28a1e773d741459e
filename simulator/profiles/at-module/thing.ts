import type { HeldIdentity } from '../../flash/index.ts';
import type { CloudLink } from './cloud-link.ts';
import { topicsOf } from './topics.ts';

const EXCHANGE_TIMEOUT_MS = 5_000;

/**
 * The application behind the module, as the sample products of the platform have it: a lamp that reports its state
 * once it is online and does what the cloud tells it (section 6.3: report, control, get_status).
 */
export class Thing {
  readonly #link: CloudLink;
  readonly #properties: Record<string, unknown> = { power_switch: 0, brightness: 100 };
  #tokens = 0;

  constructor(link: CloudLink) {
    this.#link = link;
  }

  /** After a login: listens for the cloud, and reports whether or not the cloud lets it listen. */
  async greet(identity: HeldIdentity): Promise<void> {
    const listening = this.#link.subscribe(topicsOf(identity).propertyDown, 1, EXCHANGE_TIMEOUT_MS);
    await Promise.all([listening, this.#report(identity)]);
  }

  /** A message on any topic; what is not for the thing is left alone. */
  async hear(identity: HeldIdentity, topic: string, payload: Uint8Array): Promise<void> {
    if (topic !== topicsOf(identity).propertyDown) return;
    const message = asObject(parseJson(payload));
    if (message === null) return;
    const clientToken = typeof message['clientToken'] === 'string' ? message['clientToken'] : '';
    if (message['method'] === 'control') {
      const wanted = asObject(message['params']) ?? {};
      for (const [name, value] of Object.entries(wanted)) {
        if (Object.hasOwn(this.#properties, name)) this.#properties[name] = value;
      }
      await this.#send(identity, { method: 'control_reply', clientToken, code: 0, status: '' });
      await this.#report(identity);
    }
  }

  #report(identity: HeldIdentity): Promise<void> {
    const clientToken = `${identity.deviceName}-${++this.#tokens}`;
    return this.#send(identity, {
      method: 'report',
      clientToken,
      timestamp: Date.now(),
      params: this.#properties,
    });
  }

  async #send(identity: HeldIdentity, message: object): Promise<void> {
    const payload = Buffer.from(JSON.stringify(message));
    await this.#link.publish(topicsOf(identity).propertyUp, payload, 1, EXCHANGE_TIMEOUT_MS);
  }
}

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return null;
  }
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
