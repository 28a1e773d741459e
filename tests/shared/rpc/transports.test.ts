import { describe, expect, test } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { connect } from '#shared/rpc/index.ts';
import { contract, EXPLOSION } from './test-contract.ts';
import { closed, detached, nextAnswer, OPERATOR, useTestServer } from './test-server.ts';
import { TRANSPORT_KINDS } from './transport-kinds.ts';

describe.each(Object.entries(TRANSPORT_KINDS))('over %s', (_, openTransports) => {
  const on = useTestServer(openTransports);

  describe('calls', () => {
    test('are answered, with defaults filled in on the way', async () => {
      const { client } = await on.line();
      await expect(client.call('double', { n: 21 })).resolves.toEqual({ n: 42, note: 'none' });
    });

    test('may carry and return nothing', async () => {
      const { client } = await on.line();
      await expect(client.call('nothing', undefined)).resolves.toBeUndefined();
    });

    test('many at once each get their own answer', async () => {
      const { client } = await on.line();
      const numbers = Array.from({ length: 200 }, (_unused, n) => n);
      const answers = await Promise.all(numbers.map((n) => client.call('double', { n })));
      expect(answers.map(({ n }) => n)).toEqual(numbers.map((n) => n * 2));
    });

    test('with an input of another shape are refused by name of the field', async () => {
      const { client } = await on.line();
      const bad = client.call('double', { n: 'one' } as unknown as { n: number });
      await expect(bad).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('n:') });
      const extra = client.call('double', { n: 1, role: 'engineer' } as { n: number });
      await expect(extra).rejects.toMatchObject({ code: 'bad-input' });
      expect(on.defects).toEqual([]);
    });

    test('whose answer has another shape become a defect of the station', async () => {
      const { client } = await on.line();
      await expect(client.call('lie', {})).rejects.toMatchObject({ code: 'internal' });
      expect(on.defects.map(({ where }) => where)).toEqual(['lie']);
    });

    test('answered in another shape than the page knows are not passed on', async () => {
      const { client: clientEnd, server } = await on.transports.connect();
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
        const { client } = await on.transports.connect();
        const { server } = await on.transports.connect();
        server.close();
        client.close();
        const ends = await on.transports.connect();
        on.serveOn(ends.server);
        const answer = nextAnswer(ends.client, 1);
        ends.client.send({ t: 'call', id: 1, name, input: {} });
        await expect(answer).resolves.toMatchObject({ t: 'fault', id: 1, fault: { code: 'not-found' } });
      },
    );

    test('of another role are refused, and the role is the session’s', async () => {
      const { client } = await on.line();
      await expect(client.call('engineering', {})).rejects.toMatchObject({ code: 'forbidden' });
      const { client: engineer } = await on.line({ role: 'engineer', user: 'Wang' });
      await expect(engineer.call('engineering', {})).resolves.toEqual({ user: 'Wang' });
    });

    test('that the station refuses return its fault completely', async () => {
      const { client } = await on.line();
      const fault: unknown = await client.call('refuse', {}).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(Fault);
      expect(fault).toMatchObject({
        code: 'pool-empty',
        message: 'no triple is left',
        hint: 'Lease more.',
        details: { product: 'P1', left: 0 },
      });
      expect(on.defects).toEqual([]);
    });

    test('with a defect return a correlation id and no details', async () => {
      const { clientEnd } = await on.line();
      const answer = nextAnswer(clientEnd, 77);
      clientEnd.send({ t: 'call', id: 77, name: 'explode', input: {} });
      const frame = await answer;
      expect(frame).toMatchObject({ fault: { code: 'internal', details: { correlationId: 'id-1' } } });
      expect(JSON.stringify(frame)).not.toMatch(/SQLITE|secret row|\.ts|\bat /);
      expect(String((on.defects[0]?.error as Error).message)).toBe(EXPLOSION);
    });

    test('whose input no transport can carry fail at once and leave nothing pending', async () => {
      const { client } = await on.line();
      const circular: Record<string, unknown> = { n: 1n, fn: () => 1 };
      circular['self'] = circular;
      const bad = client.call('double', circular as { n: number }, { timeoutMs: 50 });
      await expect(bad).rejects.toMatchObject({ code: 'bad-input' });
      await expect(client.call('double', { n: 2 })).resolves.toMatchObject({ n: 4 });
    });

    test('with an id that is in use are refused, and the first continues', async () => {
      const ends = await on.transports.connect();
      on.serveOn(ends.server);
      const hung = on.station.nextHang();
      ends.client.send({ t: 'call', id: 5, name: 'hang', input: {} });
      await hung;
      const answer = nextAnswer(ends.client, 5);
      ends.client.send({ t: 'call', id: 5, name: 'double', input: { n: 1 } });
      await expect(answer).resolves.toMatchObject({ id: 5, fault: { code: 'bad-input' } });
      expect(on.station.hanging).toHaveLength(1);
    });
  });

  describe('cancellation', () => {
    test('a cancel reaches the handler and is no defect', async () => {
      const { client } = await on.line();
      const abort = new AbortController();
      const hung = on.station.nextHang();
      const call = client.call('hang', {}, { signal: abort.signal });
      await hung;
      abort.abort();
      await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      await expect(on.station.hanging[0]).resolves.toMatchObject({ code: 'cancelled' });
      await client.call('double', { n: 1 });
      expect(on.defects).toEqual([]);
    });

    test('a call that was cancelled before it began is never sent', async () => {
      const { client } = await on.line();
      const call = client.call('hang', {}, { signal: AbortSignal.abort() });
      await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      await client.call('double', { n: 1 });
      expect(on.station.hanging).toHaveLength(0);
    });

    test('a timeout fails the call and cancels the handler', async () => {
      const { client } = await on.line();
      const hung = on.station.nextHang();
      await expect(client.call('hang', {}, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'timeout' });
      await hung;
      await expect(on.station.hanging[0]).resolves.toMatchObject({ code: 'cancelled' });
    });

    test.each(['the page', 'the station'])(
      'when %s disconnects, calls fail and handlers are stopped',
      async (who) => {
        const { client, clientEnd, serverEnd } = await on.line();
        const hung = on.station.nextHang();
        const calls = [client.call('hang', {}), client.call('hang', {})];
        await hung;
        (who === 'the page' ? clientEnd : serverEnd).close();
        for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'disconnected' });
        await expect(on.station.hanging[0]).resolves.toMatchObject({ code: 'disconnected' });
        await expect(client.call('double', { n: 1 })).rejects.toMatchObject({ code: 'disconnected' });
        expect(client.attached).toBe(false);
      },
    );

    test('data that was sent before the disconnection still arrives', async () => {
      const { client, server } = await on.transports.connect();
      const heard: unknown[] = [];
      server.onMessage((message) => heard.push(message));
      const over = closed(server);
      for (let n = 0; n < 50; n += 1) client.send({ n });
      client.close();
      await over;
      expect(heard).toEqual(Array.from({ length: 50 }, (_unused, n) => ({ n })));
    });

    test('the close is reported after the messages before it, whichever listener is set first', async () => {
      const { client, server } = await on.transports.connect();
      const over = closed(client);
      client.send('first');
      client.send('second');
      client.close();
      await over;
      const events: unknown[] = [];
      const reported = new Promise<void>((resolve) =>
        server.onClose(() => {
          events.push('close');
          resolve();
        }),
      );
      server.onMessage((message) => events.push(message));
      await reported;
      expect(events).toEqual(['first', 'second', 'close']);
    });

    test('closing twice, or sending after a close, has no effect', async () => {
      const { client, server } = await on.transports.connect();
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

  describe('malformed messages', () => {
    test.each<[string, unknown]>([
      ['a string', 'hello'],
      ['null', null],
      ['an unknown kind', { t: 'shutdown' }],
      ['a call without an id', { t: 'call', name: 'double', input: { n: 1 } }],
      ['an id that is no number', { t: 'cancel', id: '1' }],
      ['a position that is none', { t: 'subscribe', id: 1, topic: 'counter', since: 7 }],
    ])('%s closes the wire, and nothing after it is done', async (_unused, frame) => {
      const ends = await on.transports.connect();
      on.serveOn(ends.server);
      const over = closed(ends.client);
      ends.client.send(frame);
      ends.client.send({ t: 'call', id: 1, name: 'hang', input: {} });
      await over;
      expect(on.defects.map(({ where }) => where)).toEqual(['frame from client']);
      expect(on.station.hanging).toEqual([]);
    });

    test('from the station close the connection, too, and fail pending calls', async () => {
      const { client: clientEnd, server } = await on.transports.connect();
      const client = connect(contract, clientEnd);
      const call = client.call('hang', {});
      const over = closed(server);
      server.onMessage(() => undefined);
      server.send({ t: 'result' });
      await expect(call).rejects.toMatchObject({ code: 'disconnected' });
      await over;
    });
  });

  test('a client reports every connection that it gets and loses; one that is closed already is lost at once', async () => {
    const { client, serverEnd } = await on.line();
    const told: boolean[] = [];
    client.onAttached((attached) => told.push(attached));
    serverEnd.close();
    await detached(client);
    const dead = await on.transports.connect();
    const over = closed(dead.server);
    dead.client.close();
    await over;
    client.attach(dead.client);
    await expect.poll(() => client.attached).toBe(false);
    await on.line(OPERATOR, client);
    expect(client.attached).toBe(true);
    client.close();
    expect(told.filter((attached, index) => told[index - 1] !== attached)).toEqual([false, true, false]);
    expect(told.at(-1)).toBe(false);
  });
});
