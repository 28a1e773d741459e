import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import {
  type Client,
  connect,
  createSessionRef,
  serve,
  type Session,
  type SessionRef,
  type Transport,
} from '#shared/rpc/index.ts';
import {
  type BenchContract,
  benchStation,
  type BenchStation,
  contract,
  EXPLOSION,
} from './bench-contract.ts';
import { type Wire, WIRES } from './wires.ts';

interface Line {
  readonly client: Client<BenchContract>;
  readonly clientEnd: Transport;
  readonly serverEnd: Transport;
}

describe.each(Object.entries(WIRES))('over %s', (_, openWire) => {
  let wire: Wire;
  let station: BenchStation;
  let defects: { where: string; error: unknown }[];
  const operator: Session = { role: 'operator', user: 'Li' };

  beforeEach(async () => {
    wire = await openWire();
    station = benchStation('epoch-1');
    defects = [];
  });
  afterEach(() => wire[Symbol.asyncDispose]());

  /** Connects a client (a new one, or one that lost its wire) to the station. */
  async function line(session = operator, client = connect(contract)): Promise<Line> {
    const ends = await wire.connect();
    serveOn(ends.server, createSessionRef(session));
    client.attach(ends.client);
    return { client, clientEnd: ends.client, serverEnd: ends.server };
  }

  function serveOn(transport: Transport, seat: SessionRef = createSessionRef(operator)): void {
    serve(transport, {
      contract,
      ...station,
      seat,
      onDefect: (error, where) => {
        defects.push({ where, error });
        return `id-${defects.length}`;
      },
    });
  }

  describe('calls', () => {
    test('are answered, with defaults filled in on the way', async () => {
      const { client } = await line();
      await expect(client.call('double', { n: 21 })).resolves.toEqual({ n: 42, note: 'none' });
    });

    test('may carry and return nothing', async () => {
      const { client } = await line();
      await expect(client.call('nothing', undefined)).resolves.toBeUndefined();
    });

    test('many at once each get their own answer', async () => {
      const { client } = await line();
      const numbers = Array.from({ length: 200 }, (_unused, n) => n);
      const answers = await Promise.all(numbers.map((n) => client.call('double', { n })));
      expect(answers.map(({ n }) => n)).toEqual(numbers.map((n) => n * 2));
    });

    test('with an input of another shape are refused by name of the field', async () => {
      const { client } = await line();
      const bad = client.call('double', { n: 'one' } as unknown as { n: number });
      await expect(bad).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('n:') });
      const extra = client.call('double', { n: 1, role: 'engineer' } as { n: number });
      await expect(extra).rejects.toMatchObject({ code: 'bad-input' });
      expect(defects).toEqual([]);
    });

    test('whose answer has another shape become a defect of the station', async () => {
      const { client } = await line();
      await expect(client.call('lie', {})).rejects.toMatchObject({ code: 'internal' });
      expect(defects.map(({ where }) => where)).toEqual(['lie']);
    });

    test('answered in another shape than the page knows are not passed on', async () => {
      const { client: clientEnd, server } = await wire.connect();
      server.onMessage((message) => {
        const { id } = message as { id: number };
        server.send({ t: 'result', id, output: { n: 'two', note: 1 } });
      });
      const client = connect(contract, clientEnd);
      await expect(client.call('double', { n: 1 })).rejects.toMatchObject({ code: 'internal' });
    });

    test.each(['no-such-call', 'toString', '__proto__', 'constructor'])(
      'named %s do not exist',
      async (name) => {
        const { client } = await wire.connect();
        const { server } = await wire.connect();
        server.close();
        client.close();
        const ends = await wire.connect();
        serveOn(ends.server);
        const answer = nextMessage(ends.client);
        ends.client.send({ t: 'call', id: 1, name, input: {} });
        await expect(answer).resolves.toMatchObject({ t: 'fault', id: 1, fault: { code: 'not-found' } });
      },
    );

    test('of another role are refused, and the role is the session’s', async () => {
      const { client } = await line();
      await expect(client.call('engineering', {})).rejects.toMatchObject({ code: 'forbidden' });
      const { client: engineer } = await line({ role: 'engineer', user: 'Wang' });
      await expect(engineer.call('engineering', {})).resolves.toEqual({ user: 'Wang' });
    });

    test('that the station refuses bring its fault whole', async () => {
      const { client } = await line();
      const fault: unknown = await client.call('refuse', {}).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(Fault);
      expect(fault).toMatchObject({
        code: 'pool-empty',
        message: 'no triple is left',
        hint: 'Lease more.',
        details: { product: 'P1', left: 0 },
      });
      expect(defects).toEqual([]);
    });

    test('that break inside show a number and nothing of the inside', async () => {
      const { clientEnd } = await line();
      const answer = nextMessage(clientEnd);
      clientEnd.send({ t: 'call', id: 77, name: 'explode', input: {} });
      const frame = await answer;
      expect(frame).toMatchObject({ fault: { code: 'internal', details: { correlationId: 'id-1' } } });
      expect(JSON.stringify(frame)).not.toMatch(/SQLITE|secret row|\.ts|\bat /);
      expect(String((defects[0]?.error as Error).message)).toBe(EXPLOSION);
    });

    test('whose input no wire can carry fail at once and leave nothing pending', async () => {
      const { client } = await line();
      const circular: Record<string, unknown> = { n: 1n, fn: () => 1 };
      circular['self'] = circular;
      const bad = client.call('double', circular as { n: number }, { timeoutMs: 50 });
      await expect(bad).rejects.toMatchObject({ code: 'bad-input' });
      await expect(client.call('double', { n: 2 })).resolves.toMatchObject({ n: 4 });
    });

    test('reusing an id that is in use is refused, and the first goes on', async () => {
      const ends = await wire.connect();
      serveOn(ends.server);
      const hung = station.nextHang();
      ends.client.send({ t: 'call', id: 5, name: 'hang', input: {} });
      await hung;
      const answer = nextMessage(ends.client);
      ends.client.send({ t: 'call', id: 5, name: 'double', input: { n: 1 } });
      await expect(answer).resolves.toMatchObject({ id: 5, fault: { code: 'bad-input' } });
      expect(station.hanging).toHaveLength(1);
    });
  });

  describe('giving up', () => {
    test('a cancel reaches the handler and is no defect', async () => {
      const { client } = await line();
      const abort = new AbortController();
      const hung = station.nextHang();
      const call = client.call('hang', {}, { signal: abort.signal });
      await hung;
      abort.abort();
      await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      await expect(station.hanging[0]).resolves.toMatchObject({ code: 'cancelled' });
      await client.call('double', { n: 1 });
      expect(defects).toEqual([]);
    });

    test('a call that was cancelled before it began is never sent', async () => {
      const { client } = await line();
      const call = client.call('hang', {}, { signal: AbortSignal.abort() });
      await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      await client.call('double', { n: 1 });
      expect(station.hanging).toHaveLength(0);
    });

    test('a timeout fails the call and cancels the handler', async () => {
      const { client } = await line();
      await expect(client.call('hang', {}, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'timeout' });
      await expect(station.hanging[0]).resolves.toMatchObject({ code: 'cancelled' });
    });

    test.each(['the page', 'the station'])(
      'when %s hangs up, calls fail and handlers are stopped',
      async (who) => {
        const { client, clientEnd, serverEnd } = await line();
        const hung = station.nextHang();
        const calls = [client.call('hang', {}), client.call('hang', {})];
        await hung;
        (who === 'the page' ? clientEnd : serverEnd).close();
        for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'disconnected' });
        await expect(station.hanging[0]).resolves.toMatchObject({ code: 'disconnected' });
        await expect(client.call('double', { n: 1 })).rejects.toMatchObject({ code: 'disconnected' });
        expect(client.attached).toBe(false);
      },
    );

    test('what was sent before hanging up still arrives', async () => {
      const { client, server } = await wire.connect();
      const heard: unknown[] = [];
      server.onMessage((message) => heard.push(message));
      const over = closed(server);
      for (let n = 0; n < 50; n += 1) client.send({ n });
      client.close();
      await over;
      expect(heard).toEqual(Array.from({ length: 50 }, (_unused, n) => ({ n })));
    });

    test('closing twice, or sending after, is nothing', async () => {
      const { client, server } = await wire.connect();
      let times = 0;
      client.onClose(() => (times += 1));
      const over = closed(server);
      client.close();
      client.close();
      client.send({ n: 1 });
      await over;
      server.send({ n: 1 });
      server.close();
      expect(times).toBe(1);
    });
  });

  describe('frames that do not fit', () => {
    test.each<[string, unknown]>([
      ['a string', 'hello'],
      ['null', null],
      ['an unknown kind', { t: 'shutdown' }],
      ['a call without an id', { t: 'call', name: 'double', input: { n: 1 } }],
      ['an id that is no number', { t: 'cancel', id: '1' }],
      ['a position that is none', { t: 'subscribe', id: 1, topic: 'counter', since: 7 }],
    ])('%s closes the wire, and nothing after it is done', async (_unused, frame) => {
      const ends = await wire.connect();
      serveOn(ends.server);
      const over = closed(ends.client);
      ends.client.send(frame);
      ends.client.send({ t: 'call', id: 1, name: 'hang', input: {} });
      await over;
      expect(defects.map(({ where }) => where)).toEqual(['frame from client']);
      expect(station.hanging).toEqual([]);
    });

    test('from the station close the wire too, and fail what was pending', async () => {
      const { client: clientEnd, server } = await wire.connect();
      const client = connect(contract, clientEnd);
      const call = client.call('hang', {});
      const over = closed(server);
      server.send({ t: 'result' });
      await expect(call).rejects.toMatchObject({ code: 'disconnected' });
      await over;
    });
  });

  describe('a page that floods', () => {
    const FLOOD = 20_000;

    test.each<[string, (n: number) => unknown]>([
      ['calls', (n) => ({ t: 'call', id: n, name: 'double', input: { n } })],
      ['calls that do not exist', (n) => ({ t: 'call', id: n, name: 'nonsense' })],
      ['subscriptions', (n) => ({ t: 'subscribe', id: n, topic: 'counter', since: null })],
      ['cancels', (n) => ({ t: 'cancel', id: n })],
    ])('with %s is cut off after a few of them, and other pages are answered', async (_unused, frame) => {
      const flooder = await wire.connect();
      const answers: unknown[] = [];
      flooder.client.onMessage((message) => answers.push(message));
      serveOn(flooder.server);
      const { client } = await line();
      const over = closed(flooder.server);
      for (let n = 1; n <= FLOOD; n += 1) flooder.client.send(frame(n));
      const other = client.call('double', { n: 21 });
      await over;
      await expect(other).resolves.toMatchObject({ n: 42 });
      expect(answers.length).toBeLessThan(FLOOD / 2);
      expect(defects.map(({ where }) => where)).toEqual(['flood from client']);
    });

    test('with calls that hang holds up its own calls alone, and its cancels are heard', async () => {
      const { client } = await line();
      const stop = new AbortController();
      const hanging = Array.from({ length: 400 }, () => client.call('hang', {}, { signal: stop.signal }));
      const behind = client.call('double', { n: 1 });
      const { client: other } = await line();
      await expect(other.call('double', { n: 21 })).resolves.toMatchObject({ n: 42 });
      while (station.hanging.length < 256) await other.call('double', { n: 0 });
      for (let turn = 0; turn < 20; turn += 1) await other.call('double', { n: 0 });
      expect(station.hanging).toHaveLength(256);
      stop.abort();
      for (const call of hanging) await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      await expect(behind).resolves.toMatchObject({ n: 2 });
      expect(defects).toEqual([]);
    });

    test('watches as many topics as any page needs, and no more', async () => {
      const { client, clientEnd } = await line();
      const faults: string[] = [];
      const refused = Promise.withResolvers<undefined>();
      for (let n = 0; n < 70; n += 1) {
        client.watch('counter', {
          onState: () => undefined,
          onFault: ({ code }) => void (faults.push(code) === 6 && refused.resolve(undefined)),
        });
      }
      await refused.promise;
      await client.call('double', { n: 1 });
      expect(faults).toEqual(Array.from({ length: 6 }, () => 'bad-input'));
      expect(clientEnd).toBeDefined();
    });
  });

  describe('topics', () => {
    test('begin with a snapshot and go on with deltas, for every watcher', async () => {
      station.topics.counter.publish({ add: 1 });
      const { client } = await line();
      const [one, two] = [watching(client), watching(client)];
      await one.until(1);
      await two.until(1);
      station.topics.counter.publish({ add: 2 });
      station.topics.counter.publish({ add: 3 });
      await one.until(3);
      await two.until(3);
      for (const { states } of [one, two]) {
        expect(states).toEqual([
          { total: 1, steps: [1] },
          { total: 3, steps: [1, 2] },
          { total: 6, steps: [1, 2, 3] },
        ]);
      }
    });

    test('of another role or name are refused in words', async () => {
      const { client } = await line();
      const fault = await new Promise((resolve) => {
        client.watch('secret', { onState: () => undefined, onFault: resolve });
      });
      expect(fault).toMatchObject({ code: 'forbidden' });
    });

    test('that nobody watches any more send nothing', async () => {
      const { client, clientEnd } = await line();
      const watch = watching(client);
      await watch.until(1);
      watch.stop();
      await client.call('double', { n: 1 });
      station.topics.counter.publish({ add: 1 });
      await client.call('double', { n: 1 });
      expect(watch.states).toHaveLength(1);
      expect(clientEnd).toBeDefined();
    });

    test('resume after a reconnect with the missed deltas only', async () => {
      const { client, serverEnd } = await line();
      const watch = watching(client);
      await watch.until(1);
      station.topics.counter.publish({ add: 1 });
      await watch.until(2);
      serverEnd.close();
      await detached(client);
      station.topics.counter.publish({ add: 2 });
      station.topics.counter.publish({ add: 3 });

      const ends = await wire.connect();
      const frames = spyOn(ends.client);
      serveOn(ends.server);
      client.attach(ends.client);
      await watch.until(4);
      expect(watch.states.at(-1)).toEqual({ total: 6, steps: [1, 2, 3] });
      expect(frames.map(({ t }) => t)).toEqual(['resumed', 'delta', 'delta']);
      station.topics.counter.publish({ add: 4 });
      await watch.until(5);
      expect(watch.states.at(-1)).toEqual({ total: 10, steps: [1, 2, 3, 4] });
    });

    test('resume with nothing missed without a frame of state', async () => {
      const { client, serverEnd } = await line();
      const watch = watching(client);
      await watch.until(1);
      serverEnd.close();
      await detached(client);
      const ends = await wire.connect();
      const frames = spyOn(ends.client);
      serveOn(ends.server);
      client.attach(ends.client);
      await client.call('double', { n: 1 });
      expect(frames.map(({ t }) => t)).toEqual(['resumed', 'result']);
      expect(watch.states).toHaveLength(1);
    });

    test.each([
      [
        'the station was started anew',
        () => (station = benchStation('epoch-2', 100)),
        { total: 100, steps: [] },
      ],
      [
        'more was missed than is kept',
        () => {
          for (let n = 0; n < 600; n += 1) station.topics.counter.publish({ add: 1 });
        },
        { total: 600, steps: Array<number>(600).fill(1) },
      ],
    ])('begin with a snapshot again when %s', async (_unused, happen, expected) => {
      const { client, serverEnd } = await line();
      const watch = watching(client);
      await watch.until(1);
      serverEnd.close();
      await detached(client);
      happen();
      const ends = await wire.connect();
      const frames = spyOn(ends.client);
      serveOn(ends.server);
      client.attach(ends.client);
      await watch.until(2);
      expect(watch.states.at(-1)).toEqual(expected);
      expect(frames.map(({ t }) => t)).toEqual(['snapshot']);
    });

    test('with a gap ask for one snapshot, however many deltas follow the gap', async () => {
      const { client: clientEnd, server } = await wire.connect();
      const asked: { t: string; id: number }[] = [];
      server.onMessage((message) => asked.push(message as { t: string; id: number }));
      const client = connect(contract, clientEnd);
      const watch = watching(client);
      await expect.poll(() => asked.length).toBe(1);
      const { id } = asked[0]!;
      server.send({ t: 'snapshot', id, epoch: 'e', seq: 3, state: { total: 0, steps: [] } });
      for (let seq = 5; seq < 15; seq += 1) server.send({ t: 'delta', id, seq, delta: { add: 1 } });
      await expect.poll(() => asked.length).toBe(3);
      server.send({ t: 'snapshot', id, epoch: 'e', seq: 14, state: { total: 11, steps: [] } });
      server.send({ t: 'delta', id, seq: 15, delta: { add: 1 } });
      await watch.until(3);
      expect(asked.map(({ t }) => t)).toEqual(['subscribe', 'unsubscribe', 'subscribe']);
      expect(asked[2]).toMatchObject({ since: null });
      expect(watch.states.at(-1)).toEqual({ total: 12, steps: [1] });
    });

    test.each([
      ['snapshot', { t: 'snapshot', epoch: 'e', seq: 0, state: { total: 'many' } }],
      ['delta', { t: 'delta', seq: 1, delta: { add: 'one' } }],
    ])(
      'with a %s of another shape are not believed: the watcher is told and the wire ends',
      async (kind, frame) => {
        const { client: clientEnd, server } = await wire.connect();
        const client = connect(contract, clientEnd);
        const watch = watching(client);
        const over = closed(server);
        if (kind === 'delta')
          server.send({ t: 'snapshot', id: 1, epoch: 'e', seq: 0, state: { total: 0, steps: [] } });
        server.send({ ...frame, id: 1 });
        await over;
        expect(watch.faults).toMatchObject([{ code: 'internal' }]);
        expect(watch.states).toHaveLength(kind === 'delta' ? 1 : 0);
      },
    );
  });

  describe('a seat', () => {
    const engineer: Session = { role: 'engineer', user: 'Wang' };

    test('is shared by its wires: who signs in on one may do it on all, from the next call on', async () => {
      const seat = createSessionRef(operator);
      const wires = [await wire.connect(), await wire.connect()];
      const clients = wires.map(({ server, client }) => {
        serveOn(server, seat);
        return connect(contract, client);
      });
      for (const client of clients)
        await expect(client.call('engineering', {})).rejects.toMatchObject({ code: 'forbidden' });
      seat.change(engineer);
      for (const client of clients)
        await expect(client.call('engineering', {})).resolves.toEqual({ user: 'Wang' });
      seat.change(seat.initial);
      for (const client of clients)
        await expect(client.call('engineering', {})).rejects.toMatchObject({ code: 'forbidden' });
    });

    test('that changes hands ends the topics its new person may not see, and no others', async () => {
      const seat = createSessionRef(operator);
      seat.change(engineer);
      const ends = await wire.connect();
      serveOn(ends.server, seat);
      const client = connect(contract, ends.client);
      const [counter, secret] = [watching(client), watching(client, 'secret')];
      await counter.until(1);
      await secret.until(1);

      seat.change(seat.initial);
      await expect.poll(() => secret.faults).toMatchObject([{ code: 'forbidden' }]);
      station.topics.secret.publish({ add: 7 });
      station.topics.counter.publish({ add: 1 });
      await counter.until(2);
      expect(secret.states).toHaveLength(1);
      expect(counter.faults).toEqual([]);

      seat.change(engineer);
      secret.stop();
      const again = watching(client, 'secret');
      await again.until(1);
      expect(again.faults).toEqual([]);
    });

    test('has nothing to do with a wire that is gone', async () => {
      const seat = createSessionRef(operator);
      const ends = await wire.connect();
      serveOn(ends.server, seat);
      const client = connect(contract, ends.client);
      const watch = watching(client);
      await watch.until(1);
      const over = closed(ends.server);
      client.close();
      await over;
      seat.change(engineer);
      expect(defects).toEqual([]);
    });

    test('is told of every call until it has its answer', async () => {
      const ends = await wire.connect();
      const noted: string[] = [];
      serve(ends.server, {
        contract,
        ...station,
        seat: createSessionRef(operator),
        onCall(name) {
          noted.push(`${name} …`);
          return { [Symbol.dispose]: () => void noted.push(`${name} done`) };
        },
        onDefect: () => '',
      });
      const client = connect(contract, ends.client);
      await client.call('double', { n: 1 });
      await client.call('engineering', {}).catch(() => undefined);
      await expect
        .poll(() => noted)
        .toEqual(['double …', 'double done', 'engineering …', 'engineering done']);
    });
  });

  test('a client tells of every wire it gets and loses; one that is dead on arrival is lost at once', async () => {
    const { client, serverEnd } = await line();
    const told: boolean[] = [];
    client.onAttached((attached) => told.push(attached));
    serverEnd.close();
    await detached(client);
    const dead = await wire.connect();
    const over = closed(dead.server);
    dead.client.close();
    await over;
    client.attach(dead.client);
    await expect.poll(() => client.attached).toBe(false);
    await line(operator, client);
    expect(client.attached).toBe(true);
    client.close();
    expect(told.filter((attached, index) => told[index - 1] !== attached)).toEqual([false, true, false]);
    expect(told.at(-1)).toBe(false);
  });
});

function nextMessage(transport: Transport): Promise<unknown> {
  return new Promise((resolve) => transport.onMessage(resolve));
}

function closed(transport: Transport): Promise<void> {
  return new Promise((resolve) => transport.onClose(resolve));
}

function detached(client: Client<BenchContract>): Promise<void> {
  return new Promise((resolve) => {
    if (!client.attached) return resolve();
    const stop = client.onAttached(() => {
      stop();
      resolve();
    });
  });
}

/** Everything that arrives on this end from now on; the client's own listener still gets it. */
function spyOn(transport: Transport): { t: string }[] {
  const frames: { t: string }[] = [];
  const { onMessage } = transport;
  transport.onMessage = (listener) =>
    onMessage((message) => {
      frames.push(message as { t: string });
      listener(message);
    });
  return frames;
}

function watching(client: Client<BenchContract>, topic: 'counter' | 'secret' = 'counter') {
  const states: { total: number; steps: number[] }[] = [];
  const faults: Fault[] = [];
  let waiting: { count: number; resolve: () => void } | null = null;
  const stop = client.watch(topic, {
    onState(state) {
      states.push(state);
      if (waiting !== null && states.length >= waiting.count) waiting.resolve();
    },
    onFault: (fault) => faults.push(fault),
  });
  return {
    states,
    faults,
    stop,
    until: (count: number) =>
      new Promise<void>((resolve) => {
        if (states.length >= count) resolve();
        else waiting = { count, resolve };
      }),
  };
}
