import { Fault } from '#shared/domain/fault.ts';
import {
  eventsReply,
  fillPath,
  controlReply,
  deviceView,
  healthReply,
  leaseReturnReply,
  loginKey,
  loginProofReply,
  refusalsReply,
  REGISTRY_PATH,
  stationRunsReply,
  unitReply,
} from '#shared/registry-api/index.ts';
import type { AuditSource, RegistryClient, SecretProver } from '../registry-client.ts';
import { createAuditAnchor } from './audit-anchor.ts';
import { createBearer, type Enrolment } from './bearer.ts';
import { foreign } from './faults.ts';
import { createFirmwareRegistry } from './firmware-registry.ts';
import { connectTrusted, createHttpsFetch, type Fetch, normalFingerprint } from './https-fetch.ts';
import { ask, callOrNull, endpointOf } from './request.ts';
import { type Connect, connectPlain } from './post-with-secrets.ts';
import { requestLease } from './request-lease.ts';

export interface RegistryClientOptions {
  /** As the registry prints it: `http://host:port`, or `https:`; a base path may follow, see `registryBaseUrl`. */
  readonly baseUrl: string;
  readonly token: string;
  /** This station's name. Events of a lease must come from the station that took it. */
  readonly station: string;
  /** SHA-256 of the registry's certificate: no other is spoken to. Left out, this computer's authorities decide. */
  readonly fingerprint?: string | null;
  /** How long one answer may take; 10 s when left out. */
  readonly timeoutMs?: number;
  /** Left out, one that keeps connections alive and looks at the certificate first. */
  readonly fetch?: Fetch;
  /** How to exchange `token` at the first contact; it is shown as it is when left out. */
  readonly enrolment?: Enrolment | null;
  /** Shows to a registry that knows of no lease to anybody that this station has its triples. */
  readonly proveSecret?: SecretProver;
  /** Its trail is told with events; nothing of it when left out. */
  readonly audit?: AuditSource;
}

const TIMEOUT_MS = 10_000;

/** A client of the project's own registry. Opens nothing until asked. Faults: `bad-input`. */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const { baseUrl, token, station, timeoutMs = TIMEOUT_MS } = options;
  const fingerprint = checkedFingerprint(options);
  const isSecure = /^https:/i.test(baseUrl);
  const fetch = options.fetch ?? (isSecure ? createHttpsFetch(fingerprint) : globalThis.fetch);
  const connectTls: Connect = (to) => connectTrusted(to, fingerprint);
  const connect = options.fetch !== undefined ? null : isSecure ? connectTls : connectPlain;
  const place = endpointOf({ baseUrl, token, station, timeoutMs, fingerprint, fetch, connect });
  const endpoint = { ...place, bearer: createBearer(place, options.enrolment ?? null) };

  const anchor = createAuditAnchor(endpoint, options.audit ?? null);

  return {
    audit: { fetch: anchor.fetch, report: anchor.report },
    firmware: createFirmwareRegistry(endpoint),

    health: (signal) =>
      ask(endpoint, { method: 'GET', path: REGISTRY_PATH.health, reply: healthReply, signal }),

    lease: (request, signal) => requestLease(endpoint, request, signal),

    returnLease: (leaseId, deviceNames, signal) =>
      ask(endpoint, {
        method: 'POST',
        path: fillPath(REGISTRY_PATH.leaseReturn, { leaseId }),
        body: { deviceNames },
        reply: leaseReturnReply,
        signal,
      }),

    async sendEvents(events, signal) {
      if (events.length === 0) return [];
      const claim = await anchor.claim(signal);
      const { results, audit } = await ask(endpoint, {
        method: 'POST',
        path: REGISTRY_PATH.events,
        body: { events, audit: claim },
        reply: eventsReply,
        signal,
      });
      // A result that cannot be matched to its event would mark the wrong one as sent.
      const inOrder =
        results.length === events.length && events.every((event, i) => results[i]?.key === event.key);
      if (!inOrder) throw foreign(endpoint.place, 'its results are not those of the events sent');
      anchor.acceptHead(audit);
      return results;
    },

    device: (productId, deviceName, signal) =>
      callOrNull(endpoint, {
        method: 'GET',
        path: fillPath(REGISTRY_PATH.device, { productId, deviceName }),
        reply: deviceView,
        signal,
      }),

    reportLogin: (productId, deviceName, chipId, signal) =>
      callOrNull(endpoint, {
        method: 'POST',
        path: fillPath(REGISTRY_PATH.deviceLogin, { productId, deviceName }),
        body: { chipId, secretProof: options.proveSecret?.(loginKey(chipId), { productId, deviceName }) },
        reply: loginProofReply,
        signal,
      }),

    control: (productId, deviceName, request, signal) =>
      ask(
        // The registry waits for the device, and this side for the registry.
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
    throw new Fault('bad-input', `"${fingerprint}" is no fingerprint of a certificate`, {
      hint: 'It has 64 hex digits, as "registry serve" prints it.',
    });
  }
  if (/^https:/i.test(baseUrl)) return normal;
  throw new Fault('bad-input', `${baseUrl} shows no certificate that a fingerprint could be compared with`, {
    hint: 'Give the address with https://, as "registry serve" prints it.',
  });
}
