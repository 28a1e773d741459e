import type { Clock } from '../core/platform/index.ts';
import type { RegistryClient, RegistryEvent } from './client/index.ts';
import type { WritableDatabase } from '../core/database/index.ts';
import { type Block, nextBlock, recordAttempt, settleBlock } from './outbox-block.ts';

/** While the registry works on one block, the next is on its way and the one before is written down. */
const BLOCKS_UNDER_WAY = 2;

export interface DrainParts {
  readonly database: WritableDatabase;
  readonly clock: Clock;
  readonly registry: RegistryClient;
  /** Called once for a block; gives an event as it is sent. */
  readonly prove: () => (event: RegistryEvent) => RegistryEvent;
  /** Told after every block that was answered. */
  readonly onBlock: (did: { readonly registered: number }) => void;
}

/**
 * Sends everything that may go, in blocks, and writes down what the registry answered. An answer that is lost changes
 * nothing here, so the same keys are sent again. Faults with the first block that was not answered, when the others under
 * way have ended.
 */
export async function drain(parts: DrainParts, signal: AbortSignal): Promise<void> {
  const { database, clock } = parts;
  const underWay = new Set<number>();
  const sending = new Set<Promise<void>>();

  async function send(block: Block): Promise<void> {
    for (const row of block.rows) underWay.add(row.seq);
    try {
      const results = await parts.registry
        .sendEvents(block.events.map(parts.prove()), signal)
        .catch((error: unknown) => {
          recordAttempt(database, block);
          throw error;
        });
      parts.onBlock(settleBlock(database, clock, block, results));
    } finally {
      for (const row of block.rows) underWay.delete(row.seq);
    }
  }

  try {
    for (;;) {
      while (sending.size < BLOCKS_UNDER_WAY) {
        const block = nextBlock(database, clock, underWay);
        if (block === null) break;
        const sent = send(block);
        sending.add(sent);
        void sent.then(
          () => sending.delete(sent),
          () => undefined,
        );
      }
      if (sending.size === 0) return;
      await Promise.race(sending);
    }
  } finally {
    await Promise.allSettled(sending);
  }
}
