import { once } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import WebSocket, { type ClientOptions } from 'ws';
import { type Session, type Transport } from '#shared/rpc/index.ts';
import { openKiosk, type Pass, type TestKiosk } from './open-kiosk.ts';
import { Changes, until } from '../support/until.ts';

const opened: WebSocket[] = [];
afterEach(() => opened.splice(0).forEach((socket) => socket.terminate()));

function dial(
  setup: TestKiosk,
  headers: Record<string, string>,
  options: ClientOptions = {},
  path = '/ws',
): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${setup.kiosk.port}${path}`, { headers, ...options });
  socket.on('error', () => undefined);
  opened.push(socket);
  return socket;
}

/** The status with which the kiosk refused to open the wire. */
async function refusal(socket: WebSocket): Promise<number | undefined> {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode?: number }];
  return response.statusCode;
}

describe('the wire', () => {
  test('to a page that asks and never reads is cut off before it fills the memory', async () => {
    const cut = Promise.withResolvers<number>();
    const SENT = 64;
    await using setup = await openKiosk({
      station: {
        serve(transport) {
          let sent = 0;
          transport.onClose(() => cut.resolve(sent));
          for (; sent < SENT; sent += 1) transport.send({ state: 'x'.repeat(1024 * 1024) });
          cut.resolve(sent);
        },
      },
    });
    const socket = dial(setup, { ...(await setup.enter()), origin: setup.origin });
    socket.on('open', () => socket.pause());
    expect(await cut.promise).toBeLessThan(SENT / 2);
  });

  test('is one of a few: a page cannot open them without end', async () => {
    let served = 0;
    await using setup = await openKiosk({ station: { serve: () => void (served += 1) } });
    const session = await setup.enter();
    // Each of them is opened; those that are too many are closed after that.
    const sockets = Array.from({ length: 80 }, () => dial(setup, { ...session, origin: setup.origin }));
    let closed = 0;
    for (const socket of sockets) socket.on('close', () => (closed += 1));
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    await until(() => closed >= 16, 'the end of those that are too many');
    expect(served).toBe(64);
    expect(closed).toBe(16);
  });

  test('is served as the session of the host, whatever the client says', async () => {
    const served: [Transport, Session][] = [];
    await using setup = await openKiosk({
      station: {
        serve: (transport, session) => {
          served.push([transport, session]);
          transport.onMessage((message) => transport.send({ echo: message }));
        },
      },
    });
    const socket = dial(setup, { ...(await setup.enter()), origin: setup.origin, 'x-role': 'engineer' });
    await once(socket, 'open');
    socket.send('{"role":"engineer"}');
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(data.toString())).toEqual({ echo: { role: 'engineer' } });
    expect(served.map(([, session]) => session.current)).toEqual([{ role: 'operator', user: 'operator' }]);
  });

  test.each<[string, (setup: TestKiosk, pass: Pass) => Record<string, string>]>([
    ['without a session', (setup) => ({ origin: setup.origin })],
    ['with the cookie alone', (setup, { cookie }) => ({ cookie, origin: setup.origin })],
    ['with the key alone', (setup, { cookie: _, ...key }) => ({ ...key, origin: setup.origin })],
    [
      'with the key of another session',
      (setup, { cookie }) => ({ cookie, 'x-gongwei-key': 'A'.repeat(43), origin: setup.origin }),
    ],
    ['without an Origin', (_, pass) => pass],
    ['from another origin', (_, pass) => ({ ...pass, origin: 'http://evil.example' })],
    ['from an opaque origin', (_, pass) => ({ ...pass, origin: 'null' })],
    [
      'under a rebound name, whose origin fits',
      (setup, pass) => ({
        ...pass,
        host: `evil.example:${setup.kiosk.port}`,
        origin: `http://evil.example:${setup.kiosk.port}`,
      }),
    ],
    [
      'from another site',
      (setup, pass) => ({ ...pass, origin: setup.origin, 'sec-fetch-site': 'cross-site' }),
    ],
  ])('is refused %s', async (_, headersFor) => {
    const served: Transport[] = [];
    await using setup = await openKiosk({ station: { serve: (transport) => void served.push(transport) } });
    const socket = dial(setup, headersFor(setup, await setup.enter()));
    expect(await refusal(socket)).toBe(403);
    expect(served).toEqual([]);
  });

  test.each(['/', '/index.html', '/ws/', '/ws?token=x', '/other'])('is not at %s', async (path) => {
    await using setup = await openKiosk();
    expect(await refusal(dial(setup, { ...(await setup.enter()), origin: setup.origin }, {}, path))).toBe(
      403,
    );
  });

  test('a link does not open a wire, and is not used up by trying', async () => {
    await using setup = await openKiosk();
    const link = new URL(setup.kiosk.url);
    const socket = dial(setup, { origin: setup.origin }, {}, link.pathname + link.search);
    expect(await refusal(socket)).toBe(403);
    expect((await fetch(setup.kiosk.url, { redirect: 'manual' })).status).toBe(303);
  });

  test('a message above 1 MiB closes it, one just below does not', async () => {
    await using setup = await openKiosk({
      station: { serve: (transport) => transport.onMessage(() => transport.send('read')) },
    });
    const socket = dial(setup, { ...(await setup.enter()), origin: setup.origin });
    await once(socket, 'open');
    socket.send(JSON.stringify('x'.repeat(1024 * 1024 - 2)));
    expect(String((await once(socket, 'message'))[0])).toBe('"read"');
    socket.send(JSON.stringify('x'.repeat(1024 * 1024)));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
  });

  test('a page that no longer answers is dropped, one that answers stays', async () => {
    const heartbeatMs = 1000;
    const closed: string[] = [];
    const names = ['silent', 'alive'];
    const changes = new Changes();
    let messages = 0;
    await using setup = await openKiosk({
      heartbeatMs,
      station: {
        serve: (transport) => {
          const name = names.shift() ?? '';
          transport.onClose(() => closed.push(name));
          transport.onMessage(() => {
            messages += 1;
            changes.notify();
          });
        },
      },
    });
    const headers = { ...(await setup.enter()), origin: setup.origin };
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const silent = dial(setup, headers, { autoPong: false });
      await once(silent, 'open');
      const alive = dial(setup, headers);
      await once(alive, 'open');
      const dropped = once(silent, 'close');
      for (let beat = 1; beat <= 4; beat += 1) {
        const pinged = once(alive, 'ping');
        vi.advanceTimersByTime(heartbeatMs);
        await pinged;
        // The kiosk reads this message after the answer to its ping.
        alive.send('1');
        await changes.until(
          () => (messages === beat ? true : undefined),
          () => `no message ${beat}`,
        );
        if (beat === 2) await dropped;
      }
      expect(closed).toEqual(['silent']);
      expect(alive.readyState).toBe(WebSocket.OPEN);
    } finally {
      vi.useRealTimers();
    }
  });

  test('closing the kiosk closes every wire and tells the station', async () => {
    let gone = 0;
    const setup = await openKiosk({
      station: { serve: (transport) => transport.onClose(() => (gone += 1)) },
    });
    const headers = { ...(await setup.enter()), origin: setup.origin };
    const sockets = [dial(setup, headers), dial(setup, headers)];
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
    await setup[Symbol.asyncDispose]();
    await closed;
    expect(gone).toBe(2);
  });

  test('a station that throws while serving loses that wire only, without a word to it', async () => {
    await using setup = await openKiosk({
      station: {
        serve: () => {
          throw new Error('boom');
        },
      },
    });
    const headers = { ...(await setup.enter()), origin: setup.origin };
    const socket = dial(setup, headers);
    const messages: unknown[] = [];
    socket.on('message', (message) => messages.push(message));
    await once(socket, 'close');
    expect(messages).toEqual([]);
    expect(setup.logged).toContain('kiosk.page: Error: boom');
    expect((await fetch(`${setup.origin}/`, { headers })).status).toBe(200);
  });
});
