import type { z } from 'zod';
import type { Position } from './frames.ts';
import type { TopicSpec } from './contract.ts';

/** How many deltas are kept for a subscriber that comes back; older ones cost it a snapshot. */
const HISTORY = 512;

export type TopicEvent<S, D> =
  | { readonly kind: 'snapshot'; readonly epoch: string; readonly seq: number; readonly state: S }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'delta'; readonly seq: number; readonly delta: D };

/** The publishing end of a topic: one state, changed only by deltas, told to every subscriber in the same order. */
export interface Topic<S, D> {
  readonly state: S;
  publish(delta: D): void;
  /** Starts with a snapshot, or with the missed deltas when `since` is recent; returns the way to stop. */
  subscribe(since: Position | null, listener: (event: TopicEvent<S, D>) => void): () => void;
}

/**
 * @param epoch names this life of the publisher (random per process): sequence numbers of another life mean nothing.
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
