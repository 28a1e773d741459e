import type { AddressInfo } from 'node:net';
import { asListenFault } from '#node-kit/net/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { HealthReply } from '#shared/registry-api/index.ts';
import { enrolmentTokenOf } from './files/index.ts';
import { createDownloadUrlSigner, createFirmwareStore } from './firmware/index.ts';
import { createReportStore } from './reports/index.ts';
import { createDeviceServer, createHttpServer } from './http/index.ts';
import { type RegistryLog, systemNowMs } from './platform.ts';
import { sendOwnerNotice, startBroker } from './mqtt/index.ts';
import { RefusalLog } from './refusal-log.ts';
import { makeDataDir, openData } from './data/index.ts';
import { createAuthenticator } from './stations/index.ts';
import { createUpdates } from './ota/index.ts';
import { readPublicUrl } from './public-url.ts';
import { createRegistrationService } from './registration/index.ts';
import { lockService } from './store/index.ts';
import { type Certificate, isLoopback, ownCertificate, readCertificate } from './certificate.ts';

const LOOPBACK = '127.0.0.1';

export interface RegistryOptions {
  readonly dataDir: string;
  /** Default 0: a free port. */
  readonly httpPort?: number;
  readonly mqttPort?: number;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Serves TLS with the certificate of the user (PEM files), or with `own`, which the registry creates at the first start. */
  readonly tls?: 'own' | { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Only with TLS or pre-shared keys. Default 0: a free port. */
  readonly mqttsPort?: number;
  /**
   * Devices may log in on the TLS port of MQTT with their DeviceSecret as pre-shared key. Without `tls`, `true` opens that port
   * for pre-shared keys alone. Default: with `tls`.
   */
  readonly psk?: boolean | undefined;
  /**
   * What other computers may use without TLS: everything, or MQTT beside TLS (a login of a device contains no secret).
   * Default: nothing.
   */
  readonly plain?: 'all' | 'mqtt' | undefined;
  /**
   * Port of HTTP without TLS for devices, beside the service with TLS: downloads with a signed address. 0: a free port. Only with
   * `tls`, without which the whole service is plain. Default: none.
   */
  readonly deviceHttpPort?: number | undefined;
  /** Devices may also register themselves at that port: the modules' firmware without TLS knows nothing else. Default: no. */
  readonly plainRegistration?: boolean | undefined;
  /** Where devices download firmware, when it is not the address that they have connected to; see `readPublicUrl`. */
  readonly publicUrl?: string | undefined;
  /** False: the enrolment token is refused, and every station needs a token of `addStation`. */
  readonly enrol?: boolean;
  /** Version in the reply of `GET /v1/health`. */
  readonly version?: string;
  /** Milliseconds since 1970; default the system's clock. */
  readonly nowMs?: () => number;
  readonly log?: RegistryLog;
}

export interface Registry extends AsyncDisposable {
  /** `http://127.0.0.1:P`, or `https:` with TLS. */
  readonly http: string;
  /** `http://127.0.0.1:P` of `deviceHttpPort`; null without it. */
  readonly deviceHttp: string | null;
  /** What devices download firmware by; see `HealthReply`. */
  readonly downloads: NonNullable<HealthReply['devices']>['downloads'];
  /** `mqtt://127.0.0.1:P` */
  readonly mqtt: string;
  /** `mqtts://127.0.0.1:P`; null without TLS and without pre-shared keys. */
  readonly mqtts: string | null;
  /** SHA-256 of the certificate, as `AA:BB:…`, which stations pin. Null without TLS. */
  readonly fingerprint: string | null;
  /** A station exchanges it for a token of its own. The same at every start. */
  readonly enrolmentToken: string;
  /** Stops listening, cuts connections, closes the database. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts the registry on its data directory, which it locks until `close`.
 * Faults: `bad-input` for a network address without TLS and for options that exclude each other, those of `readCertificate` and
 * `readPublicUrl`, `data-busy` (another registry runs on it),
 * `port-busy`, `port-denied`, `database-future`, `database-corrupt`, `secret-unreadable`, `file-denied`, `disk-full`,
 * `disk-read-only`, `disk-failing`.
 */
export async function createRegistry(options: RegistryOptions): Promise<Registry> {
  const {
    enrol = true,
    host = LOOPBACK,
    nowMs = systemNowMs,
    log = () => undefined,
    version = 'dev',
  } = options;
  requireTls(host, options);
  requireTlsBesidePlain(options);
  const publicUrl = options.publicUrl === undefined ? null : readPublicUrl(options.publicUrl);
  await using opening = new AsyncDisposableStack();
  makeDataDir(options.dataDir);
  opening.use(lockService(options.dataDir));
  const { store, vault } = openData(options.dataDir);
  opening.use(store);
  store.check();
  store.checkHighWaterMark();
  store.presence.allOffline();
  const enrolmentToken = enrolmentTokenOf(options.dataDir);
  const urlSigner = createDownloadUrlSigner(options.dataDir);
  const firmwareStore = createFirmwareStore({ dataDir: options.dataDir, store, urlSigner, nowMs });
  await firmwareStore.sweep();
  const reportStore = createReportStore({ dataDir: options.dataDir, store, nowMs });
  await reportStore.sweep();

  const certificate = await certificateOf(options, nowMs());
  const scheme = certificate === null ? 'http' : 'https';
  const mqttPort = options.mqttPort ?? 0;
  const mqttHost = certificate === null || options.plain !== undefined ? host : LOOPBACK;
  const psk = options.psk ?? certificate !== null;
  const secure =
    certificate === null && !psk ? undefined : { certificate, psk, host, port: options.mqttsPort ?? 0 };
  const refusals = new RefusalLog(store, nowMs, log);
  opening.defer(() => refusals.close());
  const updates = createUpdates({
    store,
    urlSigner,
    nowMs,
    log,
    linkTo(device) {
      const link = broker.linkTo(device, 'ota');
      if (link === null || !app.server.listening) return null;
      const { send, connection } = link;
      if (publicUrl !== null) return { baseUrl: publicUrl, send, connection };
      const host = urlHost(link.localAddress.replace(/^::ffff:/, ''));
      const baseUrl =
        deviceApp === null
          ? `${scheme}://${host}:${portOf(app.server)}`
          : `http://${host}:${portOf(deviceApp.server)}`;
      return { baseUrl, send, connection };
    },
  });
  const broker = await startBroker({
    store,
    vault,
    refusals,
    updates,
    host: mqttHost,
    port: mqttPort,
    secure,
    nowMs,
    log,
  }).catch((error: unknown) => {
    throw asListenFault(error, { service: 'MQTT', host: mqttHost, port: mqttPort });
  });
  opening.defer(() => broker.close());

  const registration = createRegistrationService({ store, vault, refusals, nowMs, log });
  const isPlain = certificate === null || options.deviceHttpPort !== undefined;
  const downloads = publicUrl !== null ? schemeOf(publicUrl) : isPlain ? 'http' : downloadsWith(options.tls);
  const plainRegistration = options.plainRegistration === true;
  const deviceApp =
    options.deviceHttpPort === undefined
      ? null
      : createDeviceServer({
          store,
          firmwareStore,
          urlSigner,
          nowMs,
          log,
          registration: plainRegistration ? registration : null,
        });
  if (deviceApp !== null) opening.defer(() => deviceApp.close());
  const app = createHttpServer({
    store,
    vault,
    version,
    nowMs,
    log,
    authenticator: createAuthenticator(store, enrolmentToken, enrol),
    tls: certificate ?? undefined,
    firmwareStore,
    reportStore,
    urlSigner,
    refusals,
    updates,
    registration,
    devices: { downloads, plainRegistration },
    disconnect: (clientId) => broker.disconnect(clientId),
    control: (device, request) => broker.control(device, request),
    tell: (device, notice) => sendOwnerNotice(broker.linkTo(device, 'service'), notice, nowMs()),
  });
  opening.defer(() => app.close());
  const deviceHttpPort = options.deviceHttpPort ?? 0;
  await deviceApp?.listen({ host, port: deviceHttpPort }).catch((error: unknown) => {
    throw asListenFault(error, { service: 'HTTP', host, port: deviceHttpPort });
  });
  const httpPort = options.httpPort ?? 0;
  await app.listen({ host, port: httpPort }).catch((error: unknown) => {
    throw asListenFault(error, { service: 'HTTP', host, port: httpPort });
  });

  const owned = opening.move();
  const close = (): Promise<void> => owned.disposeAsync();
  return {
    http: `${scheme}://${urlHost(host)}:${portOf(app.server)}`,
    deviceHttp: deviceApp === null ? null : `http://${urlHost(host)}:${portOf(deviceApp.server)}`,
    downloads,
    mqtt: `mqtt://${urlHost(mqttHost)}:${broker.port}`,
    mqtts: broker.securePort === null ? null : `mqtts://${urlHost(host)}:${broker.securePort}`,
    fingerprint: certificate?.fingerprint ?? null,
    enrolmentToken,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function certificateOf({ tls, dataDir }: RegistryOptions, nowMs: number): Promise<Certificate | null> {
  if (tls === undefined) return Promise.resolve(null);
  if (tls === 'own') return ownCertificate(dataDir, nowMs);
  return Promise.resolve(readCertificate(tls.certFile, tls.keyFile));
}

/** Requires TLS on a network, because tokens and DeviceSecrets could be read there. Faults: `bad-input`. */
function requireTls(host: string, { tls, plain }: RegistryOptions): void {
  if (isLoopback(host) || tls !== undefined || plain === 'all') return;
  throw new Fault('bad-input', `the registry is not served on ${host} without TLS`, {
    hint: 'Serve it with TLS, or allow with --plain that tokens and secrets can be read on that network.',
  });
}

/** Faults: `bad-input`. */
function requireTlsBesidePlain({ tls, deviceHttpPort, plainRegistration }: RegistryOptions): void {
  if (deviceHttpPort !== undefined && tls === undefined)
    throw new Fault('bad-input', 'a port of HTTP for devices is served beside TLS only', {
      hint: 'Leave --device-http-port out: without TLS devices use the port of --http-port.',
    });
  if (plainRegistration === true && deviceHttpPort === undefined)
    throw new Fault('bad-input', 'registration without TLS has no port', {
      hint: 'Give --device-http-port, too; without TLS leave --plain-registration out.',
    });
}

function schemeOf(url: string): 'http' | 'https' {
  return url.startsWith('https:') ? 'https' : 'http';
}

function downloadsWith(tls: RegistryOptions['tls']): Registry['downloads'] {
  return tls === 'own' ? 'own-certificate' : 'https';
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  return (server.address() as AddressInfo).port;
}

/** The host for a URL; a wildcard address is reached by loopback. */
function urlHost(host: string): string {
  if (host === '0.0.0.0') return LOOPBACK;
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
