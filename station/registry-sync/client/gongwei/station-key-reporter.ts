import {
  fillPath,
  MAX_STATION_KEYS,
  REGISTRY_PATH,
  stationKeyReply,
  type StationKeyReply,
  stationKeysReply,
} from '#shared/registry-api/index.ts';
import type { ReportedKey } from '../registry-client.ts';
import { callOrNull, type Endpoint } from './request.ts';

/** Reports the public keys of the station to the registry, each once while the station runs. */
export class StationKeyReporter {
  readonly #endpoint: Endpoint;
  readonly #reported = new Set<string>();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** See `StationKeyRegistry.report`. */
  async report(keys: readonly ReportedKey[], signal: AbortSignal): Promise<void> {
    const unknown = keys.filter(({ keyId }) => !this.#reported.has(keyId)).slice(-MAX_STATION_KEYS);
    if (unknown.length === 0) return;
    const reply = await callOrNull(this.#endpoint, {
      method: 'POST',
      path: REGISTRY_PATH.stationKeys,
      body: {
        keys: unknown.map(({ publicKey, proof, createdAtMs }) => ({
          publicKey: Buffer.from(publicKey).toString('base64'),
          proof: Buffer.from(proof).toString('base64'),
          createdAtMs,
        })),
      },
      reply: stationKeysReply,
      signal,
    });
    // A registry of an earlier version has no such call, and is asked again after the next start.
    if (reply === null || reply.keys === unknown.length)
      for (const { keyId } of unknown) this.#reported.add(keyId);
  }

  /** See `StationKeyRegistry.find`. */
  find(keyId: string, signal: AbortSignal): Promise<StationKeyReply | null> {
    return callOrNull(this.#endpoint, {
      method: 'GET',
      path: fillPath(REGISTRY_PATH.stationKey, { keyId }),
      reply: stationKeyReply,
      signal,
    });
  }
}
