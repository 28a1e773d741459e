import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  createYielder,
  Deadline,
  delay,
  raceAbort,
  Semaphore,
  withDeadline,
} from '../../../node-kit/async/index.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import { faultOf } from '../../support/fault-of.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const tooLate = (): never => {
  throw new Fault('timeout', 'too late');
};

describe('withDeadline', () => {
  test('gives the result of work that ends in time, and leaves no sleeper behind', async () => {
    const clock = manualClock();
    const result = withDeadline(Promise.resolve('done'), {
      timeoutMs: 100,
      onTimeout: () => 'late',
      timer: clock,
    });
    expect(await result).toBe('done');
    expect(clock.sleepers).toBe(0);
  });

  test('ends by its limit, with what onTimeout gives or throws', async () => {
    const clock = manualClock();
    const given = withDeadline(never(), { timeoutMs: 100, onTimeout: () => 'late', timer: clock });
    const thrown = faultOf(() => withDeadline(never(), { timeoutMs: 100, onTimeout: tooLate, timer: clock }));
    await clock.pass(99);
    expect(clock.sleepers).toBe(2);
    await clock.pass(1);
    expect(await given).toBe('late');
    expect((await thrown).code).toBe('timeout');
  });

  test('ends by its signal, with the reason, and asks nothing of onTimeout', async () => {
    const clock = manualClock();
    const stop = new AbortController();
    const ended = faultOf(() =>
      withDeadline(never(), { timeoutMs: 100, signal: stop.signal, onTimeout: tooLate, timer: clock }),
    );
    stop.abort(new Fault('cancelled', 'the operator stopped it'));
    expect((await ended).message).toBe('the operator stopped it');
    expect(clock.sleepers).toBe(0);
  });

  test('a signal that has fired comes before a result that is there; a function is not called then', async () => {
    const signal = AbortSignal.abort(new Fault('cancelled', 'stopped before'));
    const options = { timeoutMs: 100, signal, onTimeout: tooLate };
    expect((await faultOf(() => withDeadline(Promise.resolve(1), options))).message).toBe('stopped before');
    let called = false;
    await faultOf(() => withDeadline(async () => void (called = true), options));
    expect(called).toBe(false);
  });

  test('a rejection that comes too late is dropped', async () => {
    // An unhandled rejection fails this file.
    const clock = manualClock();
    const late = Promise.withResolvers<string>();
    const given = withDeadline(late.promise, { timeoutMs: 10, onTimeout: () => 'late', timer: clock });
    await clock.pass(10);
    expect(await given).toBe('late');
    late.reject(new Error('nobody waits for this any more'));
    await nextTurn();
  });

  test('a result within the grace counts', async () => {
    const clock = manualClock();
    const work = Promise.withResolvers<string>();
    const given = withDeadline(work.promise, {
      timeoutMs: 10,
      graceMs: 5,
      onTimeout: () => 'late',
      timer: clock,
    });
    await clock.pass(10);
    await clock.pass(4);
    work.resolve('in time');
    expect(await given).toBe('in time');
  });

  test('work that is a function begins when its limit has begun', async () => {
    const clock = manualClock();
    let sleepers = 0;
    await withDeadline(
      async () => {
        sleepers = clock.sleepers;
      },
      { timeoutMs: 10, onTimeout: tooLate, timer: clock },
    );
    expect(sleepers).toBe(1);
  });
});

describe('raceAbort', () => {
  test('its caller leaves with the reason, and a later rejection is handled', async () => {
    const stop = new AbortController();
    const work = Promise.withResolvers<void>();
    const waiting = faultOf(() => raceAbort(work.promise, stop.signal));
    stop.abort('no fault');
    expect((await waiting).code).toBe('cancelled');
    work.reject(new Error('nobody waits for this any more'));
    await nextTurn();
  });

  test('waits for undo before the caller goes on, also when undo fails', async () => {
    const stop = new AbortController();
    const undone = Promise.withResolvers<void>();
    let left = false;
    const waiting = faultOf(() => raceAbort(never(), stop.signal, () => undone.promise)).finally(
      () => (left = true),
    );
    stop.abort();
    await nextTurn();
    expect(left).toBe(false);
    undone.reject(new Error('nothing to undo'));
    expect((await waiting).code).toBe('cancelled');
  });

  test('without a signal it is the work', async () => {
    const work = Promise.resolve(1);
    expect(raceAbort(work, undefined)).toBe(work);
    expect(await work).toBe(1);
  });
});

test('a deadline fires once its time is over, and not after it was disposed of', async () => {
  const clock = manualClock();
  const reason = (): Fault => new Fault('timeout', 'over');
  const kept = new Deadline(100, reason, { timer: clock });
  const cleared = new Deadline(100, reason, { timer: clock });
  cleared[Symbol.dispose]();
  await clock.pass(100);
  expect(kept.signal.reason).toMatchObject({ code: 'timeout', message: 'over' });
  expect(cleared.signal.aborted).toBe(false);
  expect(clock.sleepers).toBe(0);
});

test('a deadline fires with its outer signal, and lets go of it when it is disposed of', () => {
  const outer = new AbortController();
  const reason = (): Fault => new Fault('timeout', 'over');
  const kept = new Deadline(60_000, reason, { signal: outer.signal });
  const cleared = new Deadline(60_000, reason, { signal: outer.signal });
  cleared[Symbol.dispose]();
  outer.abort(new Fault('cancelled', 'stopped'));
  expect(kept.signal.reason).toMatchObject({ message: 'stopped' });
  expect(cleared.signal.aborted).toBe(false);
  const late = new Deadline(60_000, reason, { signal: outer.signal });
  expect(late.signal.reason).toMatchObject({ message: 'stopped' });
  kept[Symbol.dispose]();
  late[Symbol.dispose]();
});

test('a delay ends by its signal with the reason', async () => {
  const stop = new AbortController();
  const waiting = faultOf(() => delay(60_000, stop.signal));
  stop.abort();
  expect((await waiting).code).toBe('cancelled');
  expect((await faultOf(() => delay(0, AbortSignal.abort()))).code).toBe('cancelled');
  await delay(0, NEVER_ABORTED);
});

test('bytes that came in time are read before the limit is over, also when the process was busy until after it', async () => {
  await using server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sender = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    const [receiver] = (await once(server, 'connection')) as [ReturnType<typeof connect>];
    const received = once(receiver, 'data').then(() => 'received');
    sender.write('answer');
    const result = withDeadline(received, { timeoutMs: 20, onTimeout: () => 'late' });
    // Nothing of this process runs meanwhile, as when another program has the processor.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    expect(await result).toBe('received');
    receiver.destroy();
  } finally {
    sender.destroy();
  }
});

describe('a semaphore', () => {
  const { signal } = new AbortController();

  test('gives its permits in the order of asking, each back once', async () => {
    const semaphore = new Semaphore(2);
    const got: number[] = [];
    const first = await semaphore.acquire(signal);
    await semaphore.acquire(signal);
    const waiting = [3, 4].map((n) => semaphore.acquire(signal).then((permit) => (got.push(n), permit)));
    await nextTurn();
    expect(got).toEqual([]);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    const third = await waiting[0];
    await nextTurn();
    expect(got).toEqual([3]);
    third?.[Symbol.dispose]();
    await waiting[1];
    expect(got).toEqual([3, 4]);
  });

  test('one who leaves while waiting takes no permit along', async () => {
    const semaphore = new Semaphore(1);
    const held = await semaphore.acquire(signal);
    const stop = new AbortController();
    const leaving = faultOf(() => semaphore.acquire(stop.signal));
    const staying = semaphore.acquire(signal);
    stop.abort();
    expect((await leaving).code).toBe('cancelled');
    held[Symbol.dispose]();
    (await staying)[Symbol.dispose]();
    (await semaphore.acquire(signal))[Symbol.dispose]();
  });
});

test('a yielder lets others work after 400 rows, and ends by its signal then', async () => {
  const stop = new AbortController();
  const yielder = createYielder(stop.signal);
  let turned = false;
  setImmediate(() => (turned = true));
  await yielder.afterRows(399);
  expect(turned).toBe(false);
  await yielder.afterRows(1);
  expect(turned).toBe(true);
  stop.abort();
  await yielder.afterRows(399);
  expect((await faultOf(() => yielder.afterRows(1))).code).toBe('cancelled');
});
