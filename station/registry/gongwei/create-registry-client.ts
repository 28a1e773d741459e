import {
  eventsReply,
  fillPath,
  controlReply,
  deviceView,
  healthReply,
  leaseReturnReply,
  loginProofReply,
  REGISTRY_PATH,
  unitReply,
} from '#shared/registry-api/index.ts';
import type { AuditSource, RegistryClient } from '../registry-client.ts';
import { createAuditWitness } from './audit-witness.ts';
import { foreign } from './faults.ts';
import { createFirmwareRegistry } from './firmware-registry.ts';
import { ask, askOrNull, endpointOf, type Fetch } from './request.ts';
import { takeLease } from './take-lease.ts';

export interface RegistryClientOptions {
  /** As the registry prints it: `http://host:port`. */
  readonly baseUrl: string;
  readonly token: string;
  /** This station's name. Events of a lease must come from the station that took it. */
  readonly station: string;
  /** How long one answer may take; 10 s when left out. */
  readonly timeoutMs?: number;
  /** The host's `fetch` when left out, which keeps connections alive. */
  readonly fetch?: Fetch;
  /** Its trail is told with events; nothing of it when left out. */
  readonly audit?: AuditSource;
}

const TIMEOUT_MS = 10_000;

/** A client of the project's own registry. Opens nothing until asked. Faults: `bad-input`. */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const { baseUrl, token, station, timeoutMs = TIMEOUT_MS, fetch = globalThis.fetch } = options;
  const endpoint = endpointOf({ baseUrl, token, station, timeoutMs, fetch });

  const witness = createAuditWitness(endpoint, options.audit ?? null);

  return {
    audit: { kept: witness.kept, tell: witness.tell },
    firmware: createFirmwareRegistry(endpoint),

    health: (signal) =>
      ask(endpoint, { method: 'GET', path: REGISTRY_PATH.health, reply: healthReply, signal }),

    lease: (request, signal) => takeLease(endpoint, request, signal),

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
      const claim = await witness.claim(signal);
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
      witness.heard(audit);
      return results;
    },

    device: (productId, deviceName, signal) =>
      askOrNull(endpoint, {
        method: 'GET',
        path: fillPath(REGISTRY_PATH.device, { productId, deviceName }),
        reply: deviceView,
        signal,
      }),

    provenLogin: (productId, deviceName, chipId, signal) =>
      askOrNull(endpoint, {
        method: 'POST',
        path: fillPath(REGISTRY_PATH.deviceLogin, { productId, deviceName }),
        body: { chipId },
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

    unit: (chipId, signal) =>
      askOrNull(endpoint, {
        method: 'GET',
        path: fillPath(REGISTRY_PATH.unit, { chipId }),
        reply: unitReply,
        signal,
      }),
  };
}
