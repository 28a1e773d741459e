import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { z } from 'zod';
import type { RefusalReason } from '#shared/domain/mqtt-refusal.ts';
import type { controlRequest, ControlReply } from '#shared/registry-api/index.ts';
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import type { RegistryLog } from '../platform.ts';
import type { Vault } from '../vault.ts';
import type { RefusalLog } from '../refusal-log.ts';
import type { Store } from '../store/index.ts';
import type { UpdatedDevice, Updates } from '../ota/index.ts';
import { handleMessage } from './handle-message.ts';
import { createControlRequests, NO_ANSWER } from './control-requests.ts';
import { ConnectionEnded, ControlWithdrawn } from './connection-ended.ts';
import { guardConnection } from './guarded-connection.ts';
import { createDeliveryOrder } from './delivery-order.ts';
import { createDelayedReplies } from './delayed-replies.ts';
import { createLoginThrottle } from './login-throttle.ts';
import { createPskIdentities } from './psk-identities.ts';
import { createRefusalTrace } from './refusal-trace.ts';
import { sendOwnerNotice } from './owner-notices.ts';
import { createSecureServer } from './secure-server.ts';
import { authenticateDevice, publishRefusal, subscribeRefusal } from './policy.ts';
import { storeMessage } from './store-message.ts';
import { createSessions, type Session } from './sessions.ts';
import type { DeviceLink } from './device-link.ts';
import { deviceTopics, type TopicKind } from './topics.ts';

export interface BrokerOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly host: string;
  /** 0: a free port. */
  readonly port: number;
  /** A second port, with TLS: with a certificate, for pre-shared keys, or both. */
  readonly secure?:
    | {
        readonly host: string;
        readonly port: number;
        readonly certificate: { readonly cert: string; readonly key: string } | null;
        readonly psk: boolean;
      }
    | undefined;
  readonly nowMs: () => number;
  readonly log: RegistryLog;
  readonly refusals: RefusalLog;
  readonly updates: Pick<Updates, 'subscribed' | 'reported' | 'progressed'>;
}

export type ControlledDevice = UpdatedDevice;

export interface Broker {
  readonly port: number;
  /** Null without TLS. */
  readonly securePort: number | null;
  /** Ends the session of a client. */
  disconnect(clientId: string): void;
  /**
   * Sends an action or property values to a device and waits for its reply. The request reaches a device that is connected and
   * subscribed, or it is dropped. A device that does not answer in time is disconnected, so that a delayed request cannot
   * arrive after the caller got `NO_ANSWER`.
   */
  control(device: ControlledDevice, request: z.output<typeof controlRequest>): Promise<ControlReply>;
  /** A device that is connected and has subscribed to this topic; null without it. */
  linkTo(device: Omit<ControlledDevice, 'id'>, kind: TopicKind): DeviceLink | null;
  close(): Promise<void>;
}

/** Longest packet: a payload of 64 KB, the limit of Tencent's public page of product limits, and room for topic and header. */
const MAX_PACKET_BYTES = 65 * 1024;
/** Longest client id: ProductId and DeviceName, also for MQTT 3.1, which specifies 23 bytes. */
const MAX_CLIENT_ID = 128;
/** A topic without subscribers, for discarded packets. */
const DISCARD_TOPIC = '$refused';
const CONNECT_TIMEOUT_MS = 10_000;
/** Detects a device without power that uses no MQTT keep-alive. */
const TCP_KEEPALIVE_MS = 60_000;

/**
 * Starts the MQTT broker for devices (3.1 and 3.1.1). Sources of its rules: document 002 for 3.1.1, no will, no retained
 * message and no QoS 2; Tencent's Python SDK for 3.1; logs of Tencent's certification tool for the missing reply to a publish
 * without the right, after which the connection stays.
 * Rejects with the socket's error when it cannot listen on the port.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { store, vault, nowMs, log } = options;
  const sessions = createSessions(store, nowMs, log);
  const controlRequests = createControlRequests();
  const addresses = new WeakMap<object, { readonly remote: string; readonly local: string }>();
  /** The TLS socket of a connection. */
  const secureSockets = new WeakMap<object, TLSSocket>();
  const trace = createRefusalTrace({
    refusals: options.refusals,
    deviceIdOf: (clientId) => store.devices.factsByClientId(clientId)?.id ?? null,
    addressOf: (client) => addresses.get(client.conn)?.remote ?? '',
    failedPsk: (client) => withSocket(client, (socket) => psk.failed(socket)),
  });
  const throttle = createLoginThrottle(nowMs);
  const psk = createPskIdentities({
    store,
    vault,
    throttle,
    addressOf: (socket) => addresses.get(socket)?.remote ?? '',
  });
  const delayedReplies = createDelayedReplies();
  const deliverInOrder = createDeliveryOrder();

  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxClientsIdLength: MAX_CLIENT_ID,
    preConnect(client, packet, done) {
      const { clientId, protocolVersion = 0 } = packet;
      const isServed = protocolVersion === 3 || protocolVersion === 4;
      trace.setConnectInfo(client, {
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
      const connectInfo = trace.connectInfo(client);
      catching(
        'mqtt.login-failed',
        client,
        () => done(loginError('internal', 3), null),
        () => {
          // An accepted login is stored.
          store.requireOnDisk();
          const address = addresses.get(client.conn)?.remote ?? '';
          const isKnown = store.devices.factsByClientId(client.id) !== null;
          const attempt = { address, clientId: client.id, isKnown };
          const waitMs = throttle.waitMs(attempt);
          const refuse = (reason: RefusalReason, returnCode: 3 | 4 | 5, delayMs: number): void => {
            trace.refused(client, 'login', reason);
            const send = (): void => done(loginError(reason, returnCode), null);
            delayedReplies.schedule(address, delayMs, send, () => client.conn.destroy());
          };
          // A login of a known device is not checked during its delay. One with an unknown name fails in any case.
          if (waitMs > 0 && isKnown) return refuse('too-often', 3, waitMs);
          const login = authenticateDevice(
            store,
            vault,
            client,
            { username, password, pskIdentity: withSocket(client, (socket) => psk.provenBy(socket)) },
            connectInfo,
            nowMs(),
          );
          if (!login.ok) {
            const { reason, returnCode, isGuess } = login;
            return refuse(reason, returnCode, isGuess ? throttle.failed(attempt) : 0);
          }
          throttle.succeeded(attempt);
          if (client.closed || client.conn.destroyed) return done(loginError('gone', 3), null);
          void sessions.begin(client, login.device).then(() => done(null, true));
        },
      );
    },
    authorizePublish(client, packet, done) {
      if (client === null) return done(new ConnectionEnded('only sessions may publish'));
      const session = sessions.of(client);
      if (session === null) return done(new ConnectionEnded('the session is over'));
      const reason = publishRefusal(session, packet);
      if (reason !== null) {
        trace.refused(client, 'publish', reason, packet.topic);
        return done(discard(packet));
      }
      // Before the acknowledgement, because an acknowledged message must be stored.
      catching(
        'mqtt.message-failed',
        client,
        () => done(new ConnectionEnded('the registry failed')),
        () => {
          store.requireOnDisk();
          handlePublish(session, packet);
          done(null);
        },
      );
    },
    authorizeSubscribe(client, subscription, done) {
      const session = sessions.of(client);
      if (session === null) return done(null, null);
      const reason = subscribeRefusal(session, subscription.topic, subscription.qos);
      if (reason !== null) trace.refused(client, 'subscribe', reason, subscription.topic);
      done(null, reason === null ? subscription : null);
    },
  });
  aedes.on('subscribe', (subscriptions, client) => {
    const session = sessions.of(client);
    if (session === null) return;
    const hears = (kind: TopicKind): boolean =>
      subscriptions.some(({ topic }) => topic === session.topics.downOf(kind));
    catching(
      'mqtt.notice-failed',
      client,
      () => undefined,
      () => {
        if (hears('ota')) options.updates.subscribed(session.device);
        // A device that was released while it was away is told now; one that is provisioned again would forget its new network.
        if (
          hears('service') &&
          store.owners.isUntold(session.deviceId) &&
          !store.bindTokens.isAwaitedFrom(session.deviceId, session.device.productId, nowMs())
        ) {
          sendOwnerNotice(linkTo(session.device, 'service'), 'unbind_device', nowMs());
          store.write(() => store.owners.setTold(session.deviceId));
        }
      },
    );
  });
  aedes.on('clientError', (client, error) => trace.failed(client, error));
  aedes.on('connectionError', (client, error) => trace.failed(client, error));
  aedes.on('ping', (_packet, client) => {
    const session = sessions.of(client);
    if (session !== null)
      catching(
        'mqtt.ping-failed',
        client,
        () => client.close(),
        () => sessions.markSeen(session),
      );
  });

  function handlePublish(session: Session, packet: PublishPacket): void {
    const kind = session.topics.up.get(packet.topic);
    if (kind === undefined) return;
    sessions.markSeen(session);
    const bytes = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    controlRequests.accept(session.deviceId, bytes);
    const result = handleMessage(kind, bytes, nowMs());
    const { refused, reply } = store.write(() => storeMessage(options, session.device, result));
    if (refused !== null) trace.refused(session.client, 'message', refused.reason, refused.detail);
    if (result.progress !== null && !options.updates.progressed(session.device, result.progress))
      trace.refused(session.client, 'message', 'content-wrong', 'report_progress');
    if (reply !== null) sendReply(session, kind, packet, reply);
    if (result.firmwareVersion !== null) options.updates.reported(session.device, result.firmwareVersion);
  }

  function sendReply(session: Session, kind: TopicKind, packet: PublishPacket, reply: object): void {
    const payload = Buffer.from(JSON.stringify(reply));
    const qos = packet.qos === 0 ? 0 : 1;
    const topic = session.topics.downOf(kind);
    deliverInOrder(session.client, (done) =>
      aedes.publish({ cmd: 'publish', topic, payload, qos, retain: false, dup: false }, () => done()),
    );
  }

  async function control(
    { id, productId, deviceName }: ControlledDevice,
    request: z.output<typeof controlRequest>,
  ): Promise<ControlReply> {
    const isAction = 'action' in request;
    const device = { id, productId, deviceName };
    const link = linkTo(device, isAction ? 'action' : 'property');
    const client = sessions.current(productId + deviceName)?.client;
    if (client === undefined || link === null) return NO_ANSWER;
    const { clientToken, answered } = controlRequests.begin(id, request.withinMs);
    link.send(
      isAction
        ? {
            method: 'action',
            clientToken,
            actionId: request.action,
            timestamp: nowMs(),
            params: request.params,
          }
        : { method: 'control', clientToken, params: request.set },
    );
    const reply = await answered;
    if (reply.code === null && !client.conn.destroyed) {
      log({ level: 'warn', event: 'mqtt.control-withdrawn', details: { clientId: client.id } });
      client.conn.destroy(new ControlWithdrawn('a control was not answered in time'));
    }
    return reply;
  }

  function linkTo(
    { productId, deviceName }: Omit<ControlledDevice, 'id'>,
    kind: TopicKind,
  ): DeviceLink | null {
    const client = sessions.current(productId + deviceName)?.client;
    const topic = deviceTopics(productId, deviceName).downOf(kind);
    if (client === undefined || !isSubscribed(client, topic)) return null;
    return {
      connection: client,
      localAddress: addresses.get(client.conn)?.local ?? '',
      send(message) {
        const payload = Buffer.from(JSON.stringify(message));
        deliverInOrder(client, (done) =>
          client.publish({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }, () => done()),
        );
      },
    };
  }

  /** Logs an exception of `work`, so that a defect or a failing disk ends one connection and not the broker. */
  function catching(event: string, client: Client, onFailure: () => void, work: () => void): void {
    try {
      work();
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      log({ level: 'error', event, details: { clientId: printableId(client), cause } });
      onFailure();
    }
  }

  function withSocket<T>(client: Client, use: (socket: TLSSocket) => T | null): T | null {
    const socket = secureSockets.get(client.conn);
    return socket === undefined ? null : use(socket);
  }

  function accept(tcp: Socket, socket: Socket): void {
    tcp.setNoDelay(true);
    tcp.setKeepAlive(true, TCP_KEEPALIVE_MS);
    const connection = guardConnection(socket, MAX_PACKET_BYTES, tcp);
    const ends = { remote: tcp.remoteAddress ?? '', local: tcp.localAddress ?? '' };
    addresses.set(connection, ends);
    if (socket instanceof TLSSocket) {
      secureSockets.set(connection, socket);
      addresses.set(socket, ends);
    }
    aedes.handle(connection);
  }
  const server = createServer((tcp) => accept(tcp, tcp));
  const { secure } = options;
  const secureServer =
    secure === undefined
      ? null
      : createSecureServer({ certificate: secure.certificate, psk: secure.psk ? psk : null }, accept);
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
    linkTo,
    async close() {
      controlRequests.close();
      delayedReplies.close();
      const servers = secureServer === null ? [server] : [server, secureServer];
      const closed = servers.map((one) => new Promise<void>((resolve) => one.close(() => resolve())));
      sessions.close();
      await closeBroker(aedes);
      await Promise.all(closed);
    },
  };
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

function loginError(reason: string, returnCode: 3 | 4 | 5): AuthenticateError {
  return Object.assign(new Error(`login refused: ${reason}`), { returnCode });
}

/** Includes subscriptions of a persistent session; the types of aedes lack this member. */
function isSubscribed(client: Client, topic: string): boolean {
  const subscriptions: unknown = Reflect.get(client, 'subscriptions');
  return typeof subscriptions === 'object' && subscriptions !== null && topic in subscriptions;
}

/**
 * Discards a packet by changing it to QoS 0 and a topic without subscribers: no acknowledgement is sent, and the connection
 * stays. aedes can otherwise only accept the packet or end the connection.
 */
function discard(packet: PublishPacket): null {
  packet.qos = 0;
  packet.retain = false;
  packet.topic = DISCARD_TOPIC;
  packet.payload = Buffer.alloc(0);
  return null;
}

/** The client id for a log entry. */
function printableId(client: Client | null): string {
  return (client?.id ?? '').replace(/[^\x21-\x7e]/g, '?').slice(0, 80);
}
