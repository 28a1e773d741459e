import { describe, expect, test } from 'vitest';
import { connect, Session, serve, type Actor, type Role } from '#shared/rpc/index.ts';
import { createTestHandlers, contract } from './test-contract.ts';
import { closed, detached, OPERATOR, spyOn, watching, useTestServer } from './test-server.ts';
import { TRANSPORT_KINDS } from './transport-kinds.ts';

describe.each(Object.entries(TRANSPORT_KINDS))('over %s', (_, openTransports) => {
  const on = useTestServer(openTransports);

  describe('topics', () => {
    test('begin with a snapshot and go on with deltas, for every watcher', async () => {
      on.station.topics.counter.publish({ add: 1 });
      const { client } = await on.line();
      const [one, two] = [watching(client), watching(client)];
      await one.until(1);
      await two.until(1);
      on.station.topics.counter.publish({ add: 2 });
      on.station.topics.counter.publish({ add: 3 });
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

    test('of another role or name are refused with a message', async () => {
      const { client } = await on.line();
      const fault = await new Promise((resolve) => {
        client.watch('secret', { onState: () => undefined, onFault: resolve });
      });
      expect(fault).toMatchObject({ code: 'forbidden' });
    });

    test('without watchers send nothing', async () => {
      const { client, clientEnd } = await on.line();
      const watch = watching(client);
      await watch.until(1);
      watch.stop();
      await client.call('double', { n: 1 });
      on.station.topics.counter.publish({ add: 1 });
      await client.call('double', { n: 1 });
      expect(watch.states).toHaveLength(1);
      expect(clientEnd).toBeDefined();
    });

    test('resume after a reconnect with the missed deltas only', async () => {
      const { client, serverEnd } = await on.line();
      const watch = watching(client);
      await watch.until(1);
      on.station.topics.counter.publish({ add: 1 });
      await watch.until(2);
      serverEnd.close();
      await detached(client);
      on.station.topics.counter.publish({ add: 2 });
      on.station.topics.counter.publish({ add: 3 });

      const ends = await on.transports.connect();
      const frames = spyOn(ends.client);
      on.serveOn(ends.server);
      client.attach(ends.client);
      await watch.until(4);
      expect(watch.states.at(-1)).toEqual({ total: 6, steps: [1, 2, 3] });
      expect(frames.map(({ t }) => t)).toEqual(['resumed', 'delta', 'delta']);
      on.station.topics.counter.publish({ add: 4 });
      await watch.until(5);
      expect(watch.states.at(-1)).toEqual({ total: 10, steps: [1, 2, 3, 4] });
    });

    test('resume without a snapshot if nothing was missed', async () => {
      const { client, serverEnd } = await on.line();
      const watch = watching(client);
      await watch.until(1);
      serverEnd.close();
      await detached(client);
      const ends = await on.transports.connect();
      const frames = spyOn(ends.client);
      on.serveOn(ends.server);
      client.attach(ends.client);
      await client.call('double', { n: 1 });
      expect(frames.map(({ t }) => t)).toEqual(['resumed', 'result']);
      expect(watch.states).toHaveLength(1);
    });

    test.each([
      [
        'the station was started anew',
        () => (on.station = createTestHandlers('epoch-2', 100)),
        { total: 100, steps: [] },
      ],
      [
        'more was missed than is kept',
        () => {
          for (let n = 0; n < 600; n += 1) on.station.topics.counter.publish({ add: 1 });
        },
        { total: 600, steps: Array<number>(600).fill(1) },
      ],
    ])('begin with a snapshot again when %s', async (_unused, happen, expected) => {
      const { client, serverEnd } = await on.line();
      const watch = watching(client);
      await watch.until(1);
      serverEnd.close();
      await detached(client);
      happen();
      const ends = await on.transports.connect();
      const frames = spyOn(ends.client);
      on.serveOn(ends.server);
      client.attach(ends.client);
      await watch.until(2);
      expect(watch.states.at(-1)).toEqual(expected);
      expect(frames.map(({ t }) => t)).toEqual(['snapshot']);
    });

    test('with a gap ask for one snapshot, however many deltas follow the gap', async () => {
      const { client: clientEnd, server } = await on.transports.connect();
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
      'with a %s of another shape are refused: the watcher gets a fault and the connection ends',
      async (kind, frame) => {
        const { client: clientEnd, server } = await on.transports.connect();
        const client = connect(contract, clientEnd);
        const watch = watching(client);
        const over = closed(server);
        server.onMessage(() => undefined);
        if (kind === 'delta')
          server.send({ t: 'snapshot', id: 1, epoch: 'e', seq: 0, state: { total: 0, steps: [] } });
        server.send({ ...frame, id: 1 });
        await over;
        expect(watch.faults).toMatchObject([{ code: 'internal' }]);
        expect(watch.states).toHaveLength(kind === 'delta' ? 1 : 0);
      },
    );
  });

  describe('a session', () => {
    const engineer: Actor<Role> = { role: 'engineer', user: 'Wang' };

    test('is shared by its connections: a sign-in on one holds for all, from the next call on', async () => {
      const session = new Session(OPERATOR);
      const connections = [await on.transports.connect(), await on.transports.connect()];
      const clients = connections.map(({ server, client }) => {
        on.serveOn(server, session);
        return connect(contract, client);
      });
      for (const client of clients)
        await expect(client.call('engineering', {})).rejects.toMatchObject({ code: 'forbidden' });
      session.change(engineer);
      for (const client of clients)
        await expect(client.call('engineering', {})).resolves.toEqual({ user: 'Wang' });
      session.change(session.initial);
      for (const client of clients)
        await expect(client.call('engineering', {})).rejects.toMatchObject({ code: 'forbidden' });
    });

    test('ends, after a change of the user, only the topics that the new user may not see', async () => {
      const session = new Session(OPERATOR);
      session.change(engineer);
      const ends = await on.transports.connect();
      on.serveOn(ends.server, session);
      const client = connect(contract, ends.client);
      const [counter, secret] = [watching(client), watching(client, 'secret')];
      await counter.until(1);
      await secret.until(1);

      session.change(session.initial);
      await expect.poll(() => secret.faults).toMatchObject([{ code: 'forbidden' }]);
      on.station.topics.secret.publish({ add: 7 });
      on.station.topics.counter.publish({ add: 1 });
      await counter.until(2);
      expect(secret.states).toHaveLength(1);
      expect(counter.faults).toEqual([]);

      session.change(engineer);
      secret.stop();
      const again = watching(client, 'secret');
      await again.until(1);
      expect(again.faults).toEqual([]);
    });

    test('ignores a connection that is closed', async () => {
      const session = new Session(OPERATOR);
      const ends = await on.transports.connect();
      on.serveOn(ends.server, session);
      const client = connect(contract, ends.client);
      const watch = watching(client);
      await watch.until(1);
      const over = closed(ends.server);
      client.close();
      await over;
      session.change(engineer);
      expect(on.defects).toEqual([]);
    });

    test('counts every call until it is answered', async () => {
      const ends = await on.transports.connect();
      const noted: string[] = [];
      serve(ends.server, {
        contract,
        ...on.station,
        session: new Session(OPERATOR),
        nowMs: () => 0,
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
});
