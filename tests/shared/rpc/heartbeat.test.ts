import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { contract as station } from '#shared/contract/index.ts';
import { connect, Session, createInMemoryTransports, serve, type Transport } from '#shared/rpc/index.ts';
import { OPERATOR } from './test-server.ts';
import { createTestHandlers, contract } from './test-contract.ts';

/** The page's clock is 1000 s behind the station's. */
const AHEAD_MS = 1_000_000;
let nowMs: number;
let held: (() => void)[] | null;

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = 0;
  held = null;
});
afterEach(() => {
  vi.useRealTimers();
});

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    nowMs += 100;
    await vi.advanceTimersByTimeAsync(100);
  }
}

function line() {
  const done: string[] = [];
  const late: number[] = [];
  const ends: Transport[] = [];
  const client = connect(contract, undefined, { heartbeat: { nowMs: () => nowMs } });
  const through = (work: () => void): void => (held === null ? work() : void held.push(work));
  const { handlers, topics } = createTestHandlers('epoch-1');
  function attach(): void {
    const [mine, theirs] = createInMemoryTransports();
    ends.push(theirs);
    serve(
      {
        ...theirs,
        send: (message) => through(() => theirs.send(message)),
        onMessage: (listener) => theirs.onMessage((message) => through(() => listener(message))),
      },
      {
        contract,
        topics,
        handlers: {
          ...handlers,
          seen: () => (done.push('seen'), {}),
          double: (n, { lateMs }) => (done.push('double'), late.push(lateMs), n),
        },
        session: new Session(OPERATOR),
        nowMs: () => nowMs + AHEAD_MS,
        onDefect: (error) => String(error),
      },
    );
    client.attach(mine);
  }
  attach();
  const told: boolean[] = [];
  client.onResponsive((answers) => told.push(answers));
  return { client, told, done, late, attach };
}

function release(): void {
  const waiting = held ?? [];
  held = null;
  for (const work of waiting) work();
}

it('a peer that is silent for three seconds is reported as not answering, until it answers', async () => {
  const { client, told } = line();
  await pass(30_000);
  expect([client.responsive, told]).toEqual([true, []]);
  held = [];
  await pass(2_500);
  expect(client.responsive).toBe(true);
  await pass(2_500);
  expect([client.responsive, client.attached]).toEqual([false, true]);
  release();
  await pass(100);
  expect([client.responsive, told]).toEqual([true, [false, true]]);
  client.close();
});

it('a server that is silent for thirty seconds is disconnected, and pending calls fail', async () => {
  const { client, told, attach } = line();
  await pass(2_000);
  held = [];
  const asked = client.call('double', { n: 1 }, { timeoutMs: 60_000 }).catch((error: unknown) => error);
  await pass(33_000);
  expect(await asked).toMatchObject({ code: 'disconnected' });
  expect([client.attached, told]).toEqual([false, [false]]);
  held = null;
  attach();
  await pass(5_000);
  expect([client.responsive, told]).toEqual([true, [false, true]]);
  client.close();
});

it('a side that was suspended itself does not report the other one', async () => {
  const { client, told } = line();
  await pass(3_000);
  nowMs += 3_600_000;
  await pass(3_000);
  expect([client.attached, told]).toEqual([true, []]);
  client.close();
});

it('a call that depends on the seen state is refused when it arrives too late; another one is executed', async () => {
  const { client, done } = line();
  await pass(1_500);
  await client.call('seen', {});
  expect(done).toEqual(['seen']);
  held = [];
  const calls = [client.call('seen', {}), client.call('double', { n: 1 })];
  const ended = Promise.allSettled(calls);
  await pass(6_000);
  release();
  await pass(100);
  expect(await ended).toMatchObject([
    { status: 'rejected', reason: { code: 'disconnected', message: 'seen arrived 6 s late' } },
    { status: 'fulfilled' },
  ]);
  expect(done).toEqual(['seen', 'double']);
  client.close();
});

it('the handler of a call knows its time in transit', async () => {
  const { client, late } = line();
  await pass(1_500);
  await client.call('double', { n: 1 });
  held = [];
  const call = client.call('double', { n: 2 });
  await pass(4_000);
  release();
  await call;
  expect(late).toEqual([0, 4_000]);
  client.close();
});

it('late heartbeats make no call late', async () => {
  const { client, late } = line();
  await pass(5_500);
  held = [];
  await pass(1_500);
  const asked = held;
  const signs: (() => void)[] = (held = []);
  for (const ask of asked) ask();
  await pass(0);
  nowMs += 900;
  held = null;
  for (const sign of signs) sign();
  await vi.advanceTimersByTimeAsync(0);
  await client.call('double', { n: 1 });
  expect(late).toEqual([0]);
  client.close();
});

it('input that refers to the screen is such a call; a stop, a query and an import are not', () => {
  const late = Object.entries(station.calls).filter(([, { atOnce }]) => atOnce);
  expect(late.map(([name]) => name).sort()).toEqual([
    'batches.select',
    'documents.closeBatch',
    'dryRuns.answer',
    'nearby.provision',
    'nearby.read',
    'returns.act',
    'returns.flash',
    'returns.unbind',
    'returns.writeOff',
    'session.signIn',
    'session.signInByBadge',
    'slots.acknowledge',
    'slots.answer',
    'slots.answerPhoto',
    'slots.scan',
    'slots.select',
  ]);
});
