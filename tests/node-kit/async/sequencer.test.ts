import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyedSequencer, Sequencer } from '../../../node-kit/async/index.ts';
import { Fault } from '../../../shared/domain/fault.ts';

describe('a sequencer', () => {
  test('starts the first task before run returns, and the second when the first has ended', async () => {
    const sequencer = new Sequencer();
    const first = Promise.withResolvers<void>();
    const began: string[] = [];
    const one = sequencer.run(() => {
      began.push('first');
      return first.promise;
    });
    const two = sequencer.run(() => began.push('second'));
    expect(began).toEqual(['first']);
    await nextTurn();
    expect(began).toEqual(['first']);
    first.resolve();
    await Promise.all([one, two]);
    expect(began).toEqual(['first', 'second']);
  });

  test('gives each caller the result or the failure of its own task, whatever the others do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ fails: fc.constantFrom('no', 'at once', 'later'), turns: fc.nat(3) }), {
          maxLength: 12,
        }),
        async (tasks) => {
          const sequencer = new Sequencer();
          let running = 0;
          const order: number[] = [];
          const results = tasks.map(({ fails, turns }, index) =>
            sequencer.run(() => {
              order.push(index);
              expect(running).toBe(0);
              if (fails === 'at once') throw new Error(`${index}`);
              return (async () => {
                running += 1;
                for (let turn = 0; turn < turns; turn++) await nextTurn();
                running -= 1;
                if (fails === 'later') throw new Error(`${index}`);
                return index;
              })();
            }),
          );
          const settled = await Promise.allSettled(results);
          expect(order).toEqual(tasks.map((_, index) => index));
          expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message))).toEqual(
            tasks.map(({ fails }, index) => (fails === 'no' ? index : `${index}`)),
          );
          await sequencer.whenIdle();
          expect(sequencer.isIdle).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a task whose signal fires while it waits never begins, and those behind it still wait for those before', async () => {
    const sequencer = new Sequencer();
    const first = Promise.withResolvers<void>();
    const began: string[] = [];
    const one = sequencer.run(() => first.promise);
    const stop = new AbortController();
    const two = sequencer.run(() => began.push('second'), stop.signal);
    const three = sequencer.run(() => began.push('third'));
    const reason = new Fault('cancelled', 'the operator stopped it');
    stop.abort(reason);
    await expect(two).rejects.toBe(reason);
    await nextTurn();
    expect(began).toEqual([]);
    first.resolve();
    await Promise.all([one, three]);
    expect(began).toEqual(['third']);
  });

  test('a task that has begun is not left by its caller when the signal fires', async () => {
    const sequencer = new Sequencer();
    const stop = new AbortController();
    const work = Promise.withResolvers<string>();
    const running = sequencer.run(() => work.promise, stop.signal);
    stop.abort();
    await nextTurn();
    work.resolve('done');
    expect(await running).toBe('done');
  });

  test('is idle only when the tasks that came meanwhile have ended, too', async () => {
    const sequencer = new Sequencer();
    const ended: string[] = [];
    void sequencer.run(async () => {
      await nextTurn();
      void sequencer.run(async () => {
        await nextTurn();
        ended.push('second');
      });
      ended.push('first');
    });
    await sequencer.whenIdle();
    expect(ended).toEqual(['first', 'second']);
  });
});

test('a keyed sequencer orders the tasks of one key and runs those of others side by side', async () => {
  const sequencer = new KeyedSequencer<string>();
  const running = new Map<string, number>();
  let maxAtOnce = 0;
  let sum = 0;
  const task = (key: string) => async (): Promise<void> => {
    expect(running.get(key) ?? 0).toBe(0);
    running.set(key, 1);
    sum += 1;
    maxAtOnce = Math.max(maxAtOnce, sum);
    await nextTurn();
    sum -= 1;
    running.set(key, 0);
  };
  const keys = ['a', 'b', 'a', 'c', 'b', 'a'];
  await Promise.all(keys.map((key) => sequencer.run(key, task(key))));
  expect(maxAtOnce).toBe(3);
  // What comes when a key has just become idle is ordered, too.
  for (let round = 0; round < 5; round++) {
    await sequencer.run('a', task('a'));
    await Promise.all([sequencer.run('a', task('a')), sequencer.run('a', task('a'))]);
  }
});
