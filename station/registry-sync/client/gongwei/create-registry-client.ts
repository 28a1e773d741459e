import { Fault } from '#shared/domain/fault.ts';
import {
  eventsReply,
  fillPath,
  controlReply,
  devicesReply,
  deviceView,
  healthReply,
  leaseReturnReply,
  loginKey,
  loginProofReply,
  MAX_DEVICES_PER_PAGE,
  productRegistrationReply,
  refusalsReply,
  REGISTRY_PATH,
  stationRunsReply,
  unitReply,
} from '#shared/registry-api/index.ts';
import type { AuditSource, RegistryClient, SecretProver } from '../registry-client.ts';
import { AuditHeadReporter } from './audit-head-reporter.ts';
import { Bearer, type Enrolment } from './bearer.ts';
import { unexpectedReply } from './faults.ts';
import { createProvisioningRegistry } from './provisioning-registry.ts';
import { createFirmwareRegistry } from './firmware-registry.ts';
import { connectTrusted, createHttpsFetch, type Fetch, normalFingerprint } from './https-fetch.ts';
import { call, callOrNull, endpointOf } from './request.ts';
import { type Connect, connectPlain } from './post-with-secrets.ts';
import { StationKeyReporter } from './station-key-reporter.ts';
import { createUpdateCalls } from './update-calls.ts';
import { sendReport } from './send-report.ts';
import { requestLease } from './request-lease.ts';

export interface RegistryClientOptions {
  /** As the registry prints it: `http://host:port`, or `https:`; a base path may follow, see `registryBaseUrl`. */
  readonly baseUrl: string;
  readonly token: string;
  /** This station's name. Events of a lease must come from the station that took it. */
  readonly station: string;
  /** SHA-256 of the only accepted certificate; without it the certificate authorities of this computer decide. */
  readonly fingerprint?: string | null;
  /** Limit of one reply; default 10 s. */
  readonly timeoutMs?: number;
  /** Default: one that keeps connections alive and checks the certificate before it sends anything. */
  readonly fetch?: Fetch;
  /** Exchanges `token` at the first call; without it `token` is sent as it is. */
  readonly enrolment?: Enrolment | null;
  /** Proves to a registry without the lease that this station has a triple. */
  readonly proveSecret?: SecretProver;
  /** The audit trail whose head is sent with events; without it none is sent. */
  readonly audit?: AuditSource;
}

const TIMEOUT_MS = 10_000;

/** A client of the project's own registry. It opens no connection before the first call. Faults: `bad-input`. */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const { baseUrl, token, station, timeoutMs = TIMEOUT_MS } = options;
  const fingerprint = checkedFingerprint(options);
  const isSecure = /^https:/i.test(baseUrl);
  const fetch = options.fetch ?? (isSecure ? createHttpsFetch(fingerprint) : globalThis.fetch);
  const connectTls: Connect = (to) => connectTrusted(to, fingerprint);
  const connect = options.fetch !== undefined ? null : isSecure ? connectTls : connectPlain;
  const parsed = endpointOf({ baseUrl, token, station, timeoutMs, fingerprint, fetch, connect });
  const { enrolment = null } = options;
  const bearer = enrolment === null ? null : new Bearer(parsed, enrolment);
  const endpoint = {
    ...parsed,
    bearer: (signal: AbortSignal) => bearer?.token(signal) ?? Promise.resolve(token),
  };
  const auditHead = new AuditHeadReporter(endpoint, options.audit ?? null);

  return {
    ...createProvisioningRegistry(endpoint),
    audit: auditHead,
    keys: new StationKeyReporter(endpoint),
    firmware: createFirmwareRegistry(endpoint),
    ...createUpdateCalls(endpoint),
    sendReport: (report, signal) => sendReport(endpoint, report, signal),

    health: (signal) =>
      call(endpoint, { method: 'GET', path: REGISTRY_PATH.health, reply: healthReply, signal }),

    host: () => Promise.resolve(new URL(baseUrl).hostname.replace(/^\[|\]$/g, '')),

    lease: (request, signal) => requestLease(endpoint, request, signal),

    returnLease: (leaseId, deviceNames, signal) =>
      call(endpoint, {
        method: 'POST',
        path: fillPath(REGISTRY_PATH.leaseReturn, { leaseId }),
        body: { deviceNames },
        reply: leaseReturnReply,
        signal,
      }),

    async sendEvents(events, signal) {
      if (events.length === 0) return [];
      const claim = await auditHead.claim(signal);
      const { results, audit } = await call(endpoint, {
        method: 'POST',
        path: REGISTRY_PATH.events,
        body: { events, audit: claim },
        reply: eventsReply,
        signal,
      });
      // Results in another order would mark the wrong messages as sent.
      const inOrder =
        results.length === events.length && events.every((event, i) => results[i]?.key === event.key);
      if (!inOrder) throw unexpectedReply(endpoint.address, 'its results are not those of the events sent');
      auditHead.acceptReply(audit);
      return results;
    },

    device: (productId, deviceName, signal) =>
      callOrNull(endpoint, {
        method: 'GET',
        path: fillPath(REGISTRY_PATH.device, { productId, deviceName }),
        reply: deviceView,
        signal,
      }),

    devices(product, cursor, signal) {
      const query = new URLSearchParams({ productId: product, limit: String(MAX_DEVICES_PER_PAGE) });
      if (cursor !== null) query.set('cursor', cursor);
      const path = `${REGISTRY_PATH.devices}?${query}`;
      return call(endpoint, { method: 'GET', path, reply: devicesReply, signal });
    },

    reportLogin: (productId, deviceName, chipId, signal) =>
      callOrNull(endpoint, {
        method: 'POST',
        path: fillPath(REGISTRY_PATH.deviceLogin, { productId, deviceName }),
        body: { chipId, secretProof: options.proveSecret?.(loginKey(chipId), { productId, deviceName }) },
        reply: loginProofReply,
        signal,
      }),

    readRegistration: (productId, signal) =>
      call(endpoint, {
        method: 'GET',
        path: fillPath(REGISTRY_PATH.productRegistration, { productId }),
        reply: productRegistrationReply,
        signal,
      }),

    control: (productId, deviceName, request, signal) =>
      call(
        // The registry waits for the device, and this client waits for the registry.
        { ...endpoint, timeoutMs: request.withinMs + timeoutMs },
        {
          method: 'POST',
          path: fillPath(REGISTRY_PATH.deviceControl, { productId, deviceName }),
          body: request,
          reply: controlReply,
          signal,
        },
      ),

    stationRuns: (after, signal) =>
      callOrNull(endpoint, {
        method: 'GET',
        path: `${REGISTRY_PATH.stationRuns}?${new URLSearchParams({ after })}`,
        reply: stationRunsReply,
        signal,
      }),

    refusals: (name, sinceMs, signal) =>
      callOrNull(endpoint, {
        method: 'GET',
        path: `${REGISTRY_PATH.refusals}?${new URLSearchParams({ ...name, since: String(Math.floor(sinceMs)) })}`,
        reply: refusalsReply,
        signal,
      }),

    unit: (chipId, signal) =>
      callOrNull(endpoint, {
        method: 'GET',
        path: fillPath(REGISTRY_PATH.unit, { chipId }),
        reply: unitReply,
        signal,
      }),
  };
}

/** Faults: `bad-input`. */
function checkedFingerprint({ fingerprint = null, baseUrl }: RegistryClientOptions): string | null {
  if (fingerprint === null) return null;
  const normal = normalFingerprint(fingerprint);
  if (normal === null) {
    throw new Fault('bad-input', `"${fingerprint}" is not the fingerprint of a certificate`, {
      hint: 'It has 64 hex digits, as "registry serve" prints it.',
    });
  }
  if (/^https:/i.test(baseUrl)) return normal;
  throw new Fault(
    'bad-input',
    `${baseUrl} is an address without TLS, so there is no certificate to compare the fingerprint with`,
    {
      hint: 'Give the address with https://, as "registry serve" prints it.',
    },
  );
}
