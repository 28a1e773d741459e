import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SyncState } from '#shared/contract/index.ts';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { createNodePlatform, type RegistryClient } from '#station';
import { createAuditTrail } from '../../../station/core/audit-log/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../station/core/database/index.ts';
import { createSync, type Sync } from '../../../station/registry-sync/index.ts';
import { faultOf } from '../../support/fault-of.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { memoryDir } from '../../support/temp-dir.ts';
import { soon } from '../../support/patience.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A registry that answers as it is told, and remembers when it was asked what. */
interface Told {
  readonly client: RegistryClient;
  readonly asked: { readonly what: 'health' | 'events'; readonly atMs: number }[];
  /** How it takes the next question of either kind. */
  health: FaultCode | 'answers';
  events: FaultCode | 'answers';
}

function toldRegistry(clock: ManualClock): Told {
  const told: Told = {
    client: {} as RegistryClient,
    asked: [],
    health: 'registry-unreachable',
    events: 'registry-unreachable',
  };
  const ask = (what: 'health' | 'events'): void => {
    told.asked.push({ what, atMs: clock.monotonicMs() });
    const how = told[what];
    if (how !== 'answers') throw new Fault(how, `${what}: ${how}`);
  };
  return Object.assign(told, {
    client: {
      health: async () => ask('health'),
      async sendEvents(events: readonly { key: string }[]) {
        ask('events');
        return events.map(({ key }) => ({ key, status: 'applied' }));
      },
    } as unknown as RegistryClient,
  });
}

let dir: ReturnType<typeof memoryDir>;
let database: WritableDatabase;
let clock: ManualClock;
let registry: Told;
let bound: RegistryClient | null;
let sync: Sync;
let published: SyncState[];

beforeEach(() => {
  dir = memoryDir();
  database = openStationDatabase(dir.path);
  clock = manualClock();
  registry = toldRegistry(clock);
  bound = registry.client;
  published = [];
  const platform = {
    ...createNodePlatform(dir.path, { clock }),
    // The longest jitter.
    random: { bytes: (count: number) => new Uint8Array(count).fill(255), id: () => 'id' },
  };
  sync = createSync({
    createProofAdder: () => (event) => event,
    database,
    platform,
    audit: createAuditTrail(database, clock),
    approve: ({ approver }) => Promise.resolve({ approver, approverProven: false }),
    registry: () => bound,
    publish: (state) => published.push(state),
    onRegistered: () => undefined,
  });
});
afterEach(async () => {
  await sync.close();
  database.close();
  dir[Symbol.dispose]();
});

let written = 0;
function write(): void {
  written += 1;
  const message = { key: `m${written}`, orderKey: `l${written}`, kind: 'run.finished', payload: '{}' };
  database.transaction(() => database.outbox.add({ ...message, createdAtMs: clock.nowMs() }));
}

/** Time goes on in steps, as it does; what begins in a step is done before the next. */
async function pass(ms: number, stepMs = 5 * SECOND): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    await clock.pass(Math.min(left, stepMs));
    await settled();
  }
}
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
/** When events were sent, in seconds since the first time. */
function attempts(): number[] {
  const times = registry.asked.filter(({ what }) => what === 'events').map(({ atMs }) => atMs / SECOND);
  return times.map((time) => Math.round(time - (times[0] ?? 0)));
}
const probes = () => registry.asked.filter(({ what }) => what === 'health').length;

describe('a registry out of reach', () => {
  it('is tried by the schedule, stretched by jitter', async () => {
    write();
    sync.schedule();
    await settled();
    await pass(3 * 60 * MINUTE, 3 * SECOND);
    // 15 s, 30 s, 5 min, 15 min and hourly, each a fifth longer.
    const expected = [0, 18, 18 + 36, 54 + 360, 414 + 1080, 1494 + 4320, 5814 + 4320];
    attempts().forEach((second, n) =>
      expect(Math.abs(second - (expected[n] ?? 0))).toBeLessThanOrEqual(3 * n),
    );
    expect(attempts()).toHaveLength(expected.length);
  });

  it('is asked every 15 s whether it is there, and gets everything as soon as it is', async () => {
    write();
    sync.schedule();
    await settled();
    await pass(30 * MINUTE);
    const before = attempts().length;
    expect(probes()).toBeGreaterThan(80);
    expect(probes()).toBeLessThanOrEqual((30 * MINUTE) / (15 * SECOND));
    expect(sync.state().nextAttemptAtMs).toBeGreaterThan(clock.nowMs() + 10 * MINUTE);
    registry.health = 'answers';
    registry.events = 'answers';
    await pass(20 * SECOND);
    expect(attempts()).toHaveLength(before + 1);
    expect(sync.state()).toMatchObject({ connection: 'online', pending: 0, sent: 1, nextAttemptAtMs: null });
    // And then it is left in peace.
    const asked = registry.asked.length;
    await pass(10 * MINUTE);
    expect(registry.asked).toHaveLength(asked);
  });

  it('is not hammered by units that finish, nor when it answers and yet takes nothing', async () => {
    registry.health = 'answers';
    write();
    sync.schedule();
    await settled();
    for (let n = 0; n < 40; n++) {
      write();
      sync.schedule();
      await pass(5 * SECOND);
    }
    // At once, when it first answered (15 s), and by the schedule from there: 36 s, 6 min.
    expect(attempts().length).toBeLessThanOrEqual(3);
    // When it had gone and comes back, that is news again.
    registry.health = 'registry-unreachable';
    await pass(30 * SECOND);
    registry.health = 'answers';
    registry.events = 'answers';
    await pass(20 * SECOND);
    expect(sync.state()).toMatchObject({ connection: 'online', pending: 0 });
  });

  it('that refuses the station is not asked whether it is there, but tried by the schedule, with the words shown', async () => {
    registry.events = 'registry-refused';
    write();
    sync.schedule();
    await settled();
    await pass(20 * SECOND);
    expect(probes()).toBe(0);
    expect(attempts()).toEqual([0, 20]);
    expect(sync.state()).toMatchObject({
      connection: 'unknown',
      pending: 1,
      parked: 0,
      lastFault: { code: 'registry-refused' },
    });
  });

  it('is forgotten when the station is bound to another one', async () => {
    write();
    sync.schedule();
    await settled();
    const other = toldRegistry(clock);
    other.events = 'answers';
    bound = other.client;
    sync.schedule();
    await settled();
    expect(sync.state()).toMatchObject({ connection: 'online', pending: 0 });
  });

  it.each(['never', 'now'])(
    'is not waited for when the station is bound to another one meanwhile, and answers %s',
    async (when) => {
      const asked = Promise.withResolvers<void>();
      const answer = Promise.withResolvers<never>();
      registry.client.health = (signal) => {
        signal.addEventListener('abort', () => answer.reject(signal.reason as Error));
        asked.resolve();
        return answer.promise;
      };
      sync.schedule();
      await asked.promise;
      const other = toldRegistry(clock);
      other.health = 'answers';
      bound = other.client;
      if (when === 'now') answer.resolve({ ok: true } as never);
      else sync.schedule();
      await settled();
      expect(other.asked.map(({ what }) => what)).toEqual(['health']);
      expect(sync.state()).toMatchObject({ connection: 'online', lastFault: null, nextAttemptAtMs: null });
    },
  );

  it('is not blamed for a page that closes during "send now", and what is being sent goes on', async () => {
    registry.health = 'answers';
    registry.events = 'answers';
    const answer = Promise.withResolvers<void>();
    const sendEvents = registry.client.sendEvents.bind(registry.client);
    registry.client.sendEvents = async (events, signal) => {
      await Promise.race([
        answer.promise,
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
      ]);
      return sendEvents(events, signal);
    };
    write();
    const page = new AbortController();
    const left = faultOf(() => sync.drain(page.signal));
    const other = sync.drain(soon());
    await settled();
    page.abort(new Fault('disconnected', 'the page went away'));
    expect(await left).toMatchObject({ code: 'disconnected' });
    expect(sync.state()).toMatchObject({ lastFault: null, nextAttemptAtMs: null, pending: 1 });
    answer.resolve();
    expect(await other).toMatchObject({ connection: 'online', pending: 0, lastFault: null });
    // Attempts were counted for the message that was sent, and none for the page that left.
    expect(registry.asked.map(({ what }) => what)).toEqual(['events', 'health']);
  });

  it('faults a drain that somebody asked for, and is tried again all the same', async () => {
    write();
    expect(await faultOf(() => sync.drain(soon()))).toMatchObject({ code: 'registry-unreachable' });
    expect(sync.state().nextAttemptAtMs).toBe(clock.nowMs() + 18 * SECOND);
    const stopped = new AbortController();
    stopped.abort(new Fault('cancelled', 'by a person'));
    registry.events = 'cancelled';
    expect(await faultOf(() => sync.drain(stopped.signal))).toMatchObject({ code: 'cancelled' });
    expect(sync.state().lastFault).toMatchObject({ code: 'registry-unreachable' });
    expect(sync.state().nextAttemptAtMs).not.toBeNull();
  });
});

describe('what waits', () => {
  it('grows older on every screen, though nothing happens', async () => {
    write();
    sync.schedule();
    await settled();
    published.length = 0;
    await pass(60 * SECOND);
    const ages = published.map(({ oldestMs }) => Math.round((oldestMs ?? 0) / SECOND));
    expect(ages.at(-1)).toBe(60);
    expect(new Set(ages).size).toBeGreaterThanOrEqual(6);
    registry.health = 'answers';
    registry.events = 'answers';
    await pass(20 * SECOND);
    await pass(20 * SECOND);
    published.length = 0;
    await pass(60 * SECOND);
    expect(published).toEqual([]);
  });
});
