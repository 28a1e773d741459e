import { describe, expect, test } from 'vitest';
import { closed, useTestServer } from './test-server.ts';
import { TRANSPORT_KINDS } from './transport-kinds.ts';

describe.each(Object.entries(TRANSPORT_KINDS))('over %s', (_, openTransports) => {
  const on = useTestServer(openTransports);

  describe('a page that sends without end', () => {
    const FLOOD = 20_000;

    test.each<[string, (n: number) => unknown]>([
      ['calls', (n) => ({ t: 'call', id: n, name: 'double', input: { n } })],
      ['calls that do not exist', (n) => ({ t: 'call', id: n, name: 'nonsense' })],
      ['subscriptions', (n) => ({ t: 'subscribe', id: n, topic: 'counter', since: null })],
      ['cancels', (n) => ({ t: 'cancel', id: n })],
    ])('with %s is cut off after a few of them, and other pages are answered', async (_unused, frame) => {
      const flooder = await on.transports.connect();
      const answers: unknown[] = [];
      flooder.client.onMessage((message) => answers.push(message));
      on.serveOn(flooder.server);
      const { client } = await on.line();
      const over = closed(flooder.server);
      for (let n = 1; n <= FLOOD; n += 1) flooder.client.send(frame(n));
      const other = client.call('double', { n: 21 });
      await over;
      await expect(other).resolves.toMatchObject({ n: 42 });
      expect(answers.length).toBeLessThan(FLOOD / 2);
      expect(on.defects.map(({ where }) => where)).toEqual(['flood from client']);
    });

    test('with calls that hang delays only its own calls, and its cancels are executed', async () => {
      const { client } = await on.line();
      const stop = new AbortController();
      const hanging = Array.from({ length: 400 }, () => client.call('hang', {}, { signal: stop.signal }));
      const behind = client.call('double', { n: 1 });
      const { client: other } = await on.line();
      await expect(other.call('double', { n: 21 })).resolves.toMatchObject({ n: 42 });
      while (on.station.hanging.length < 256) await other.call('double', { n: 0 });
      for (let turn = 0; turn < 20; turn += 1) await other.call('double', { n: 0 });
      expect(on.station.hanging).toHaveLength(256);
      stop.abort();
      for (const call of hanging) await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      await expect(behind).resolves.toMatchObject({ n: 2 });
      expect(on.defects).toEqual([]);
    });

    test('can watch a limited number of topics', async () => {
      const { client, clientEnd } = await on.line();
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
});
