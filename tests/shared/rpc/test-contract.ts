import { z } from 'zod';
import { call, createTopic, type Handlers, topic, type Topic } from '#shared/rpc/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** A contract with one of everything, and a station's stand-in that answers it. */
const counterState = z.object({ total: z.int(), steps: z.array(z.int()) });
const counterDelta = z.object({ add: z.int() });
type CounterState = z.infer<typeof counterState>;

export const contract = {
  calls: {
    double: call(
      ['operator', 'engineer'],
      z.strictObject({ n: z.int(), note: z.string().default('none') }),
      z.object({ n: z.int(), note: z.string() }),
      { automatic: false, atOnce: false },
    ),
    /** Means what its caller sees. */
    seen: call(['operator'], z.strictObject({}), z.object({}), { automatic: false, atOnce: true }),
    nothing: call(['operator'], z.undefined(), z.undefined(), { automatic: false, atOnce: false }),
    lie: call(['operator'], z.strictObject({}), z.object({ n: z.int() }), {
      automatic: false,
      atOnce: false,
    }),
    explode: call(['operator'], z.strictObject({}), z.object({}), { automatic: false, atOnce: false }),
    refuse: call(['operator'], z.strictObject({}), z.object({}), { automatic: false, atOnce: false }),
    hang: call(['operator'], z.strictObject({}), z.object({}), { automatic: false, atOnce: false }),
    engineering: call(['engineer'], z.strictObject({}), z.object({ user: z.string() }), {
      automatic: false,
      atOnce: false,
    }),
  },
  topics: {
    counter: topic(['operator', 'engineer'], {
      snapshot: counterState,
      delta: counterDelta,
      apply: (state, { add }) => ({ total: state.total + add, steps: [...state.steps, add] }),
    }),
    secret: topic(['engineer'], { snapshot: counterState, delta: counterDelta, apply: (state) => state }),
  },
};
export type TestContract = typeof contract;

export interface TestHandlers {
  readonly handlers: Handlers<TestContract>;
  readonly topics: {
    counter: Topic<CounterState, { add: number }>;
    secret: Topic<CounterState, { add: number }>;
  };
  /** Each `hang` that is under way: resolves with the reason when its signal fires. */
  readonly hanging: Promise<unknown>[];
  /** Resolves when the next `hang` has arrived. */
  nextHang(): Promise<void>;
}

export const EXPLOSION = 'SQLITE_CORRUPT: secret row 17 of /var/lib/gongwei';

export function createTestHandlers(epoch: string, total = 0): TestHandlers {
  const hanging: Promise<unknown>[] = [];
  let arrived = Promise.withResolvers<void>();
  const initial = { total, steps: [] };
  return {
    hanging,
    nextHang: () => arrived.promise,
    topics: {
      counter: createTopic(contract.topics.counter, initial, epoch),
      secret: createTopic(contract.topics.secret, initial, epoch),
    },
    handlers: {
      double: ({ n, note }) => ({ n: n * 2, note }),
      nothing: () => undefined,
      lie: () => ({ n: 'not a number' }) as unknown as { n: number },
      explode: () => {
        throw new Error(EXPLOSION);
      },
      seen: () => ({}),
      refuse: () => {
        throw new Fault('pool-empty', 'no triple is left', {
          hint: 'Lease more.',
          details: { product: 'P1', left: 0 },
        });
      },
      hang: (_, { signal }) => {
        const ended = new Promise<unknown>((resolve) => {
          signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
        });
        hanging.push(ended);
        arrived.resolve();
        arrived = Promise.withResolvers();
        return ended.then(() => {
          throw new DOMException('The operation was aborted', 'AbortError');
        });
      },
      engineering: (_, { by }) => ({ user: by.user }),
    },
  };
}
