import type { IdentityName } from '#shared/domain/triple.ts';

import { matchesDefinition } from './matches-definition.ts';
import type { ThingModel } from './thing-model.ts';
import { thingTopics } from './topics.ts';

const EXCHANGE_TIMEOUT_MS = 5_000;
/** Code of the platform's C SDK for a failure of the device. */
const FAILED = -1;

/** The part of an MQTT connection that a thing needs. */
export interface ThingConnection {
  publish(topic: string, payload: Uint8Array, qos: 0 | 1, timeoutMs: number): Promise<boolean>;
  subscribe(filter: string, qos: 0 | 1, timeoutMs: number): Promise<boolean>;
}

export interface ActionResult {
  readonly code: number;
  readonly status: string;
  readonly response: Readonly<Record<string, unknown>>;
}

export interface ThingOptions {
  readonly model: ThingModel;
  readonly connection: ThingConnection;
  readonly nowMs: () => number;
  /** The current values of all properties. */
  readonly state: () => Readonly<Record<string, unknown>>;
  /** Sets a property on request of the cloud. The property is writable, and the value matches its definition. */
  readonly set: (id: string, value: unknown) => void;
  /** Executes an action on request of the cloud. Returns `null` for an action that the device does not support. */
  readonly act?: (id: string, input: Readonly<Record<string, unknown>>) => Promise<ActionResult | null>;
}

/**
 * Implements a thing model over MQTT (section 6.3: report, control, get_status, action, event_post). It reports its state
 * after a login, executes requests that match its model, and refuses others.
 */
export class Thing {
  readonly #options: ThingOptions;
  #tokens = 0;

  constructor(options: ThingOptions) {
    this.#options = options;
  }

  /** Called after a login: subscribes to the topics and reports all properties, even if a subscription is refused. */
  async onConnected(identity: IdentityName): Promise<void> {
    const { model, connection } = this.#options;
    const topics = thingTopics(identity);
    const filters = [topics.propertyDown];
    if (model.actions.length > 0) filters.push(topics.actionDown);
    if (model.events.length > 0) filters.push(topics.eventDown);
    const listening = filters.map((filter) => connection.subscribe(filter, 1, EXCHANGE_TIMEOUT_MS));
    await Promise.all([...listening, this.report(identity)]);
  }

  /** Handles a message. Messages on other topics are ignored. */
  async onMessage(identity: IdentityName, topic: string, payload: Uint8Array): Promise<void> {
    const topics = thingTopics(identity);
    const message = asObject(parseJson(payload));
    if (message === null) return;
    if (topic === topics.propertyDown && message['method'] === 'control')
      return this.#control(identity, message);
    if (topic === topics.actionDown && message['method'] === 'action') return this.#act(identity, message);
  }

  /** Reports all properties, or those of `ids`. */
  report(identity: IdentityName, ids?: readonly string[]): Promise<void> {
    const state = Object.entries(this.#options.state());
    const params = Object.fromEntries(ids === undefined ? state : state.filter(([id]) => ids.includes(id)));
    return this.#send(thingTopics(identity).propertyUp, {
      method: 'report',
      clientToken: this.#token(identity),
      timestamp: this.#options.nowMs(),
      params,
    });
  }

  /** Posts an event of the model. */
  post(identity: IdentityName, eventId: string, params: Readonly<Record<string, unknown>>): Promise<void> {
    const type = this.#options.model.events.find(({ id }) => id === eventId)?.type ?? 'info';
    return this.#send(thingTopics(identity).eventUp, {
      method: 'event_post',
      clientToken: this.#token(identity),
      version: '1.0',
      eventId,
      type,
      timestamp: this.#options.nowMs(),
      params,
    });
  }

  async #control(identity: IdentityName, message: Readonly<Record<string, unknown>>): Promise<void> {
    const { model, set } = this.#options;
    const writable = new Map(
      model.properties.filter(({ mode }) => mode === 'rw').map((one) => [one.id, one]),
    );
    const wanted = Object.entries(asObject(message['params']) ?? {}).filter(([id]) => writable.has(id));
    const wrong = wanted.find(
      ([id, value]) => !matchesDefinition(writable.get(id)?.define ?? { type: 'timestamp' }, value),
    );
    const reply = { method: 'control_reply', clientToken: tokenOf(message) };
    const { propertyUp } = thingTopics(identity);
    if (wrong !== undefined) {
      return this.#send(propertyUp, { ...reply, code: FAILED, status: `${wrong[0]} has an invalid value` });
    }
    for (const [id, value] of wanted) set(id, value);
    await this.#send(propertyUp, { ...reply, code: 0, status: '' });
    await this.report(identity);
  }

  async #act(identity: IdentityName, message: Readonly<Record<string, unknown>>): Promise<void> {
    const { model, act } = this.#options;
    const actionId = String(message['actionId'] ?? '');
    const known = model.actions.some(({ id }) => id === actionId);
    const result = known ? await act?.(actionId, asObject(message['params']) ?? {}) : null;
    const { code, status, response } = result ?? { code: FAILED, status: 'no such action', response: {} };
    const clientToken = tokenOf(message);
    return this.#send(thingTopics(identity).actionUp, {
      method: 'action_reply',
      clientToken,
      code,
      status,
      response,
    });
  }

  #token(identity: IdentityName): string {
    return `${identity.deviceName}-${++this.#tokens}`;
  }

  async #send(topic: string, message: object): Promise<void> {
    await this.#options.connection.publish(
      topic,
      Buffer.from(JSON.stringify(message)),
      1,
      EXCHANGE_TIMEOUT_MS,
    );
  }
}

function tokenOf(message: Readonly<Record<string, unknown>>): string {
  return typeof message['clientToken'] === 'string' ? message['clientToken'] : '';
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
