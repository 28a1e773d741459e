import type { z } from 'zod';
import type { Position } from './frames.ts';
import type { TopicSpec } from './contract.ts';

/** Number of deltas that are stored for subscribers that reconnect. After more deltas they get a snapshot. */
const HISTORY = 512;

export type TopicEvent<S, D> =
  | { readonly kind: 'snapshot'; readonly epoch: string; readonly seq: number; readonly state: S }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'delta'; readonly seq: number; readonly delta: D };

/** The publisher of a topic: one state, changed only by deltas, sent to every subscriber in the same order. */
export interface Topic<S, D> {
  readonly state: S;
  publish(delta: D): void;
  /** Sends a snapshot first, or the missed deltas when `since` is recent. Returns a function that unsubscribes. */
  subscribe(since: Position | null, listener: (event: TopicEvent<S, D>) => void): () => void;
}

/**
 * @param epoch identifies the publisher's process (random): sequence numbers of another process are not comparable
 */
export function createTopic<S extends z.ZodType, D extends z.ZodType>(
  spec: TopicSpec<S, D>,
  initial: z.output<S>,
  epoch: string,
): Topic<z.output<S>, z.output<D>> {
  type State = z.output<S>;
  type Delta = z.output<D>;
  let state: State = initial;
  let seq = 0;
  const history: Delta[] = [];
  const listeners = new Set<(event: TopicEvent<State, Delta>) => void>();
  return {
    get state() {
      return state;
    },
    publish(delta) {
      state = spec.apply(state, delta);
      seq += 1;
      history.push(delta);
      if (history.length > HISTORY) history.shift();
      for (const listener of [...listeners]) listener({ kind: 'delta', seq, delta });
    },
    subscribe(since, listener) {
      const missed = since !== null && since.epoch === epoch ? seq - since.seq : -1;
      if (missed >= 0 && missed <= history.length) {
        listener({ kind: 'resumed' });
        history.slice(history.length - missed).forEach((delta, index) => {
          listener({ kind: 'delta', seq: seq - missed + index + 1, delta });
        });
      } else {
        listener({ kind: 'snapshot', epoch, seq, state });
      }
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
