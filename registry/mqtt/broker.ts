import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { z } from 'zod';
import type { RefusalReason } from '#shared/domain/refusal.ts';
import type { controlRequest, ControlReply } from '#shared/registry-api/index.ts';
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import type { RegistryLog } from '../log.ts';
import type { Vault } from '../secrets/index.ts';
import type { RefusalLog } from '../refusals/index.ts';
import type { Store } from '../store/index.ts';
import { handleMessage } from './handle-message.ts';
import { createControlRequests, NO_ANSWER } from './control-requests.ts';
import { ConnectionEnded, ControlWithdrawn } from './connection-ended.ts';
import { guardConnection } from './guarded-connection.ts';
import { createDeliveryOrder } from './delivery-order.ts';
import { createDelayedReplies } from './delayed-replies.ts';
import { createLoginThrottle } from './login-throttle.ts';
import { createRefusalTrace } from './refusal-trace.ts';
import { admit, publishRefusal, subscribeRefusal } from './policy.ts';
import { remember } from './store-properties.ts';
import { createSessions, type Session } from './sessions.ts';
import { deviceTopics } from './topics.ts';

export interface BrokerOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** A second port, with TLS. */
  readonly secure?:
    { readonly host: string; readonly port: number; readonly cert: string; readonly key: string } | undefined;
  readonly now: () => number;
  readonly log: RegistryLog;
  readonly refusals: RefusalLog;
}

export interface ControlledDevice {
  readonly id: number;
  readonly productId: string;
  readonly deviceName: string;
}

export interface Broker {
  readonly port: number;
  /** Null without TLS. */
  readonly securePort: number | null;
  /** Ends the session of a client that may no longer be connected. */
  disconnect(clientId: string): void;
  /**
   * Tells a device something and waits for its answer. It is delivered now, to a device that is connected and listens, or
   * never: nothing of it is kept for later, and a device that does not answer in time is cut, so that what the network
   * still holds of it cannot arrive after the asker was told that there was no answer.
   */
  control(device: ControlledDevice, request: z.output<typeof controlRequest>): Promise<ControlReply>;
  close(): Promise<void>;
}

/** Longest packet: a payload of 64 KB, the limit of Tencent's public page of product limits, and room for topic and header. */
const MAX_PACKET_BYTES = 65 * 1024;
/** Longest client id: MQTT 3.1 has 23 bytes, the cloud's are a ProductId and a DeviceName also there. */
const MAX_CLIENT_ID = 128;
/** Nobody may subscribe to it: what is published there reaches nobody. */
const NOWHERE = '$refused';
const CONNECT_TIMEOUT_MS = 10_000;
/** With keep-alive 0 nothing else would notice a device that lost its power. */
const TCP_KEEPALIVE_MS = 60_000;

/**
 * Starts the broker of MQTT 3.1 and 3.1.1 that devices log in to. Sources of its rules: 3.1.1, no will, no retained message
 * and no QoS 2 are of document 002; 3.1 is what Tencent's Python SDK speaks; that a publish without the right gets no answer
 * and the connection stays is what Tencent's certification tool logs.
 * Rejects with the socket's own error when the port cannot be had.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { store, vault, now, log } = options;
  const sessions = createSessions(store, now, log);
  const controls = createControlRequests();
  const addresses = new WeakMap<object, string>();
  const trace = createRefusalTrace({
    refusals: options.refusals,
    deviceIdOf: (clientId) => store.devices.factsByClientId(clientId)?.id ?? null,
    addressOf: (client) => addresses.get(client.conn) ?? '',
  });
  const throttle = createLoginThrottle(now);
  const held = createDelayedReplies();
  const inOrder = createDeliveryOrder();

  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxClientsIdLength: MAX_CLIENT_ID,
    preConnect(client, packet, done) {
      const { clientId, protocolVersion = 0 } = packet;
      const isServed = protocolVersion === 3 || protocolVersion === 4;
      trace.introduce(client, {
        clientId,
        hasWill: packet.will !== undefined,
        keepaliveS: packet.keepalive ?? 0,
      });
      if (!isServed) trace.refused(client, 'login', 'protocol-version', `protocol level ${protocolVersion}`);
      else if (protocolVersion === 3 && clientId.length > MAX_CLIENT_ID)
        trace.refused(client, 'login', 'username-malformed');
      done(null, true);
    },
    authenticate(client, username, password, done) {
      const asked = trace.introduced(client);
      guarded(
        'mqtt.login-failed',
        client,
        () => done(refusal('internal', 3), null),
        () => {
          // A device that is let in counts as seen: the login has to be kept.
          store.requireOnDisk();
          const address = addresses.get(client.conn) ?? '';
          const isKnown = store.devices.factsByClientId(client.id) !== null;
          const attempt = { address, clientId: client.id, isKnown };
          const waitMs = throttle.waitMs(attempt);
          const refuse = (reason: RefusalReason, returnCode: 3 | 4 | 5, inMs: number): void => {
            trace.refused(client, 'login', reason);
            const give = (): void => done(refusal(reason, returnCode), null);
            held.hold(address, inMs, give, () => client.conn.destroy());
          };
          // A known device is not judged before its time; a name that none has is judged, for it is wrong anyhow.
          if (waitMs > 0 && isKnown) return refuse('too-often', 3, waitMs);
          const admission = admit(store, vault, client, { username, password }, asked, now());
          if (!admission.ok) {
            const { reason, returnCode, isGuess } = admission;
            return refuse(reason, returnCode, isGuess ? throttle.failed(attempt) : 0);
          }
          throttle.succeeded(attempt);
          if (client.closed || client.conn.destroyed) return done(refusal('gone', 3), null);
          void sessions.begin(client, admission.device).then(() => done(null, true));
        },
      );
    },
    authorizePublish(client, packet, done) {
      if (client === null) return done(new ConnectionEnded('nobody may publish'));
      const session = sessions.of(client);
      if (session === null) return done(new ConnectionEnded('the session is over'));
      const why = publishRefusal(session, packet);
      if (why !== null) {
        trace.refused(client, 'publish', why, packet.topic);
        return done(swallow(packet));
      }
      // Here and not once it is published: what is acknowledged must be kept, and after the acknowledgement the
      // device may be gone.
      guarded(
        'mqtt.message-failed',
        client,
        () => done(new ConnectionEnded('the registry failed')),
        () => {
          store.requireOnDisk();
          take(session, packet);
          done(null);
        },
      );
    },
    authorizeSubscribe(client, subscription, done) {
      const session = sessions.of(client);
      if (session === null) return done(null, null);
      const why = subscribeRefusal(session, subscription.topic, subscription.qos);
      if (why !== null) trace.refused(client, 'subscribe', why, subscription.topic);
      done(null, why === null ? subscription : null);
    },
  });
  aedes.on('clientError', (client, error) => trace.broken(client, error));
  aedes.on('connectionError', (client, error) => trace.broken(client, error));
  aedes.on('ping', (_packet, client) => {
    const session = sessions.of(client);
    if (session !== null)
      guarded(
        'mqtt.ping-failed',
        client,
        () => client.close(),
        () => sessions.markSeen(session),
      );
  });

  function take(session: Session, packet: PublishPacket): void {
    const kind = session.topics.up.get(packet.topic);
    if (kind === undefined) return;
    sessions.markSeen(session);
    const bytes = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    controls.heard(session.deviceId, bytes);
    const answer = handleMessage(kind, bytes, now());
    const properties = store.write(() => remember(store, session.deviceId, answer));
    const refused =
      properties === null ? ({ reason: 'too-many-properties', detail: 'report' } as const) : answer.refused;
    if (refused !== null) trace.refused(session.client, 'message', refused.reason, refused.detail);
    const reply = properties === null ? answer.tooLarge() : answer.reply(properties);
    if (reply === null) return;
    const payload = Buffer.from(JSON.stringify(reply));
    const qos = packet.qos === 0 ? 0 : 1;
    const topic = session.topics.downOf(kind);
    inOrder(session.client, (done) =>
      aedes.publish({ cmd: 'publish', topic, payload, qos, retain: false, dup: false }, () => done()),
    );
  }

  async function control(
    { id, productId, deviceName }: ControlledDevice,
    request: z.output<typeof controlRequest>,
  ): Promise<ControlReply> {
    const topics = deviceTopics(productId, deviceName);
    const isAction = 'action' in request;
    const topic = topics.downOf(isAction ? 'action' : 'property');
    const client = sessions.current(productId + deviceName)?.client;
    if (client === undefined || !listens(client, topic)) return NO_ANSWER;
    const { clientToken, answered } = controls.ask(id, request.withinMs);
    const message = isAction
      ? { method: 'action', clientToken, actionId: request.action, timestamp: now(), params: request.params }
      : { method: 'control', clientToken, params: request.set };
    const payload = Buffer.from(JSON.stringify(message));
    // To this connection and not to the topic; with QoS 0, which is never sent a second time.
    inOrder(client, (done) =>
      client.publish({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }, () => done()),
    );
    const reply = await answered;
    if (reply.code === null && !client.conn.destroyed) {
      log({ level: 'warn', event: 'mqtt.control-withdrawn', details: { clientId: client.id } });
      client.conn.destroy(new ControlWithdrawn('a control was not answered in time'));
    }
    return reply;
  }

  /** A defect or a failing disk ends one connection, never the broker. */
  function guarded(event: string, client: Client, onFailure: () => void, work: () => void): void {
    try {
      work();
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      log({ level: 'error', event, details: { clientId: shown(client), cause } });
      onFailure();
    }
  }

  function accept(wire: Socket, socket: Socket): void {
    wire.setNoDelay(true);
    wire.setKeepAlive(true, TCP_KEEPALIVE_MS);
    const connection = guardConnection(socket, MAX_PACKET_BYTES, wire);
    addresses.set(connection, wire.remoteAddress ?? '');
    aedes.handle(connection);
  }
  const server = createServer((wire) => accept(wire, wire));
  const { secure } = options;
  const secureServer = secure === undefined ? null : createSecureServer(secure, accept);
  try {
    await listen(server, options.port, options.host);
    if (secure !== undefined && secureServer !== null) await listen(secureServer, secure.port, secure.host);
  } catch (error) {
    server.close();
    await closeBroker(aedes);
    throw error;
  }

  return {
    port: (server.address() as AddressInfo).port,
    securePort: secureServer === null ? null : (secureServer.address() as AddressInfo).port,
    disconnect: (clientId) => sessions.disconnect(clientId),
    control,
    async close() {
      controls.close();
      held.close();
      const servers = secureServer === null ? [server] : [server, secureServer];
      const closed = servers.map((one) => new Promise<void>((resolve) => one.close(() => resolve())));
      sessions.close();
      await closeBroker(aedes);
      await Promise.all(closed);
    },
  };
}

/** The same over TLS 1.2 or newer. A handshake that fails or does not come ends with its connection. */
function createSecureServer(
  { cert, key }: { readonly cert: string; readonly key: string },
  accept: (wire: Socket, socket: Socket) => void,
): Server {
  const secureContext = createSecureContext({ cert, key, minVersion: 'TLSv1.2' });
  return createServer((wire) => {
    wire.on('error', () => wire.destroy());
    accept(wire, new TLSSocket(wire, { isServer: true, secureContext }));
  });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeBroker(aedes: Aedes): Promise<void> {
  return new Promise((resolve) => aedes.close(resolve));
}

function refusal(reason: string, returnCode: 3 | 4 | 5): AuthenticateError {
  return Object.assign(new Error(`login refused: ${reason}`), { returnCode });
}

/** Also to what its kept session listened to before; the types of the library leave this member out. */
function listens(client: Client, topic: string): boolean {
  const subscriptions: unknown = Reflect.get(client, 'subscriptions');
  return typeof subscriptions === 'object' && subscriptions !== null && topic in subscriptions;
}

/**
 * Makes nothing of a publish: with QoS 0 to a topic that nobody hears, no acknowledgement is sent and the connection goes on.
 * The broker can only take a message or end the connection otherwise.
 */
function swallow(packet: PublishPacket): null {
  packet.qos = 0;
  packet.retain = false;
  packet.topic = NOWHERE;
  packet.payload = Buffer.alloc(0);
  return null;
}

/** A client id as sent by a stranger, fit for a log line. */
function shown(client: Client | null): string {
  return (client?.id ?? '').replace(/[^\x21-\x7e]/g, '?').slice(0, 80);
}
