import type { AddressInfo } from 'node:net';
import { Fault } from '#shared/domain/fault.ts';
import { stationTokenOf } from './files/index.ts';
import { createDownloadPass, createFirmwareStore } from './firmware/index.ts';
import { createHttpServer } from './http/index.ts';
import type { RegistryLog } from './log.ts';
import { startBroker } from './mqtt/index.ts';
import { createRefusalLog } from './refusals/index.ts';
import { makeDataDir, openData } from './seed/index.ts';
import { createAuthenticator } from './stations/index.ts';
import { lockService } from './store/index.ts';
import { type Certificate, isLoopback, ownCertificate, readCertificate } from './tls/index.ts';

export interface RegistryOptions {
  readonly dataDir: string;
  /** 0, and when left out, takes a free one. */
  readonly httpPort?: number;
  readonly mqttPort?: number;
  /** Address to listen on; 127.0.0.1 when left out. */
  readonly host?: string;
  /** With TLS: on a certificate of the user's (PEM files), or on its `own`, which is made when there is none. */
  readonly tls?: 'own' | { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Only with TLS. 0, and when left out, takes a free one. */
  readonly mqttsPort?: number;
  /**
   * What may go over a network unencrypted: all of it, or what devices say beside TLS (their logins show no secret).
   * Without this, what is not encrypted is served to this computer alone.
   */
  readonly plain?: 'all' | 'mqtt' | undefined;
  /** False: the enrolment token is good for nothing, and every station needs one of `addStation`. */
  readonly enrol?: boolean;
  /** What `GET /v1/health` calls this service's version. */
  readonly version?: string;
  /** Milliseconds since 1970; the system's clock when left out. */
  readonly now?: () => number;
  readonly log?: RegistryLog;
}

export interface Registry extends AsyncDisposable {
  /** `http://127.0.0.1:P`, or `https:` with TLS. */
  readonly http: string;
  /** `mqtt://127.0.0.1:P` */
  readonly mqtt: string;
  /** `mqtts://127.0.0.1:P`; null without TLS. */
  readonly mqtts: string | null;
  /** SHA-256 of the certificate, as `AA:BB:…`: what stations pin. Null without TLS. */
  readonly fingerprint: string | null;
  /** What a station exchanges for a token of its own; the same at every start of this data directory. */
  readonly stationToken: string;
  /** Stops listening, cuts connections, closes the database. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts the registry on its data directory, which it owns until `close`.
 * Faults: `bad-input` for an address of a network without TLS, those of reading a certificate, `data-busy` (another registry runs there), `port-busy`, `database-future`, `database-corrupt`,
 * `secret-unreadable`, `file-denied`, `disk-full`.
 */
export async function createRegistry(options: RegistryOptions): Promise<Registry> {
  const {
    enrol = true,
    host = '127.0.0.1',
    now = Date.now,
    log = () => undefined,
    version = 'dev',
  } = options;
  refusePlain(host, options);
  await using opening = new AsyncDisposableStack();
  makeDataDir(options.dataDir);
  opening.use(lockService(options.dataDir));
  const { store, vault } = openData(options.dataDir);
  opening.use(store);
  store.check();
  store.refuseBehindMark();
  store.presence.allOffline();
  const stationToken = stationTokenOf(options.dataDir);
  const pass = createDownloadPass(options.dataDir);
  const firmwareStore = createFirmwareStore({ dataDir: options.dataDir, store, pass, now });
  await firmwareStore.sweep();

  const certificate = await certificateOf(options, now());
  const mqttPort = options.mqttPort ?? 0;
  const mqttHost = certificate === null || options.plain !== undefined ? host : LOOPBACK;
  const secure = certificate === null ? undefined : { ...certificate, host, port: options.mqttsPort ?? 0 };
  const refusals = createRefusalLog(store, now, log);
  opening.defer(() => refusals.close());
  const broker = await startBroker({
    store,
    vault,
    refusals,
    host: mqttHost,
    port: mqttPort,
    secure,
    now,
    log,
  }).catch((error: unknown) => {
    throw listenFault(error, 'MQTT', host, mqttPort);
  });
  opening.defer(() => broker.close());

  const app = createHttpServer({
    store,
    vault,
    version,
    now,
    log,
    authenticator: createAuthenticator(store, stationToken, enrol),
    tls: certificate ?? undefined,
    firmwareStore,
    pass,
    refusals,
    disconnect: (clientId) => broker.disconnect(clientId),
    control: (device, request) => broker.control(device, request),
  });
  opening.defer(() => app.close());
  const httpPort = options.httpPort ?? 0;
  await app.listen({ host, port: httpPort }).catch((error: unknown) => {
    throw listenFault(error, 'HTTP', host, httpPort);
  });

  const owned = opening.move();
  const close = (): Promise<void> => owned.disposeAsync();
  return {
    http: `${certificate === null ? 'http' : 'https'}://${urlHost(host)}:${(app.server.address() as AddressInfo).port}`,
    mqtt: `mqtt://${urlHost(mqttHost)}:${broker.port}`,
    mqtts: broker.securePort === null ? null : `mqtts://${urlHost(host)}:${broker.securePort}`,
    fingerprint: certificate?.fingerprint ?? null,
    stationToken,
    close,
    [Symbol.asyncDispose]: close,
  };
}

const LOOPBACK = '127.0.0.1';

function certificateOf({ tls, dataDir }: RegistryOptions, nowMs: number): Promise<Certificate | null> {
  if (tls === undefined) return Promise.resolve(null);
  if (tls === 'own') return ownCertificate(dataDir, nowMs);
  return Promise.resolve(readCertificate(tls.certFile, tls.keyFile));
}

/** Tokens and DeviceSecrets are not for whoever listens on a network. */
function refusePlain(host: string, { tls, plain }: RegistryOptions): void {
  if (isLoopback(host) || tls !== undefined || plain === 'all') return;
  throw new Fault('bad-input', `the registry is not served on ${host} without TLS`, {
    hint: 'Serve it with TLS, or say that tokens and secrets may be read on that network (--plain).',
  });
}

/** A wildcard address listens everywhere and is reached, from here, by loopback. */
function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function listenFault(error: unknown, what: string, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new Fault('port-busy', `${what} port ${port} on ${host} is in use`, {
      hint: 'Choose another port, or 0 for a free one.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return new Fault('port-denied', `${what} cannot listen on ${host} port ${port}`, {
      hint: 'Choose a port above 1023 and an address of this computer.',
      cause: error,
    });
  }
  return error;
}
