import type { Clock } from '../core/platform/index.ts';
import type { RegistryClient, RegistryEvent } from './client/index.ts';
import type { WritableDatabase } from '../core/database/index.ts';
import { type OutboxBlock, nextBlock, recordAttempt, recordResults } from './outbox-block.ts';

/** Two concurrent requests: while the registry works on one, the next is sent and the earlier results are stored. */
const MAX_REQUESTS = 2;

export interface DrainOptions {
  readonly database: WritableDatabase;
  readonly clock: Clock;
  readonly registry: RegistryClient;
  /** Called once per block. The returned function adds the secret proof to an event. */
  readonly createProofAdder: () => (event: RegistryEvent) => RegistryEvent;
  /** Called after each block with a reply. */
  readonly onBlock: (results: { readonly registered: number }) => void;
}

/**
 * Sends all messages that may be sent, in blocks, and stores the registry's results. After a lost reply the messages stay
 * pending with one more attempt, and the same keys are sent again. Throws the fault of the first block without a reply, after
 * the other requests have ended.
 */
export async function drain(options: DrainOptions, signal: AbortSignal): Promise<void> {
  const { database, clock } = options;
  const inFlight = new Set<number>();
  const requests = new Set<Promise<void>>();

  async function send(block: OutboxBlock): Promise<void> {
    for (const row of block.rows) inFlight.add(row.seq);
    try {
      const results = await options.registry
        .sendEvents(block.events.map(options.createProofAdder()), signal)
        .catch((error: unknown) => {
          recordAttempt(database, block);
          throw error;
        });
      options.onBlock(recordResults(database, clock, block, results));
    } finally {
      for (const row of block.rows) inFlight.delete(row.seq);
    }
  }

  try {
    for (;;) {
      while (requests.size < MAX_REQUESTS) {
        const block = nextBlock(database, clock, inFlight);
        if (block === null) break;
        const request = send(block);
        requests.add(request);
        void request.then(
          () => requests.delete(request),
          () => undefined,
        );
      }
      if (requests.size === 0) return;
      await Promise.race(requests);
    }
  } finally {
    await Promise.allSettled(requests);
  }
}
