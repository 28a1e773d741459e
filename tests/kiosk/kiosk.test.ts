import { describe, expect, test } from 'vitest';
import { type Answer, ask, shout } from './ask.ts';
import { openKiosk, SECRET_OUTSIDE } from './open-kiosk.ts';

/** Nothing: no body, no type, no cookie, no word about why or about what is here. */
function expectNothing(answer: Answer): void {
  expect(answer.status).toBe(403);
  expect(answer.body).toBe('');
  const { connection, date, 'content-length': length = '0', ...others } = answer.headers;
  expect({ connection, length, others }).toEqual({ connection: 'close', length: '0', others: {} });
  expect(date).toBeDefined();
}

describe('the one-time link', () => {
  test('opens a session once, keeps the token out of the address, and is then worth nothing', async () => {
    await using setup = await openKiosk();
    const link = new URL(setup.kiosk.url);
    expect(link.origin).toBe(setup.origin);
    expect(Buffer.from(link.searchParams.get('token') ?? '', 'base64url')).toHaveLength(32);
    const path = link.pathname + link.search;

    const first = await ask(setup.kiosk.port, { path });
    expect(first.status).toBe(303);
    expect(first.headers.location).toMatch(/^\/#key=[\w-]{43}$/);
    const [cookie = ''] = first.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^gongwei-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(cookie).not.toContain(link.searchParams.get('token'));

    expectNothing(await ask(setup.kiosk.port, { path }));
    const page = await ask(setup.kiosk.port, { path: '/', headers: { cookie: cookie.split(';')[0] } });
    expect(page.status).toBe(200);
    expect(page.body).toContain('工位');
  });

  test('of many who use it at the same moment lets one in', async () => {
    await using setup = await openKiosk();
    const link = new URL(setup.kiosk.url);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask(setup.kiosk.port, { path: link.pathname + link.search })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array<number>(19).fill(403)]);
  });

  test('another link opens another session; both stay open', async () => {
    await using setup = await openKiosk();
    const [one, two] = [await setup.enter(), await setup.enter()];
    expect(one).not.toBe(two);
    for (const headers of [one, two]) {
      expect((await ask(setup.kiosk.port, { path: '/', headers })).status).toBe(200);
    }
  });

  test('used again by who is already in, leads to the page without a new session', async () => {
    await using setup = await openKiosk();
    const pass = await setup.enter();
    const again = await ask(setup.kiosk.port, { path: '/?token=used-before', headers: pass });
    expect(again.status).toBe(303);
    expect(again.headers.location).toBe('/');
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  test.each([
    ['HEAD', { method: 'HEAD' }],
    ['a prefetch', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['a page of another site', { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['a rebound name', { headers: { host: 'evil.example' } }],
  ])('is not used up by %s', async (_, options) => {
    await using setup = await openKiosk();
    const link = new URL(setup.kiosk.url);
    const path = link.pathname + link.search;
    expectNothing(await ask(setup.kiosk.port, { path, ...options }));
    expect((await ask(setup.kiosk.port, { path })).status).toBe(303);
  });

  test('is forgotten when sixteen newer ones were made', async () => {
    await using setup = await openKiosk();
    const first = new URL(setup.kiosk.url);
    for (let index = 0; index < 16; index += 1) setup.kiosk.newSessionUrl();
    expectNothing(await ask(setup.kiosk.port, { path: first.pathname + first.search }));
  });
});

describe('with an open session', () => {
  test('every answer carries the security headers and is stored nowhere', async () => {
    await using setup = await openKiosk();
    const pass = await setup.enter();
    for (const path of ['/', '/assets/page.js', '/not-there']) {
      const { headers } = await ask(setup.kiosk.port, { path, headers: pass });
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['permissions-policy']).toContain('camera=(self), microphone=()');
    }
  });

  test('localhost is this computer too, and the Origin of the page itself is welcome', async () => {
    await using setup = await openKiosk();
    const { port } = setup.kiosk;
    const pass = await setup.enter();
    const host = `localhost:${port}`;
    const headers = { ...pass, host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    expect((await ask(port, { path: '/assets/page.js', headers })).status).toBe(200);
  });

  test('HEAD answers without a body', async () => {
    await using setup = await openKiosk();
    const answer = await ask(setup.kiosk.port, {
      path: '/',
      method: 'HEAD',
      headers: { ...(await setup.enter()) },
    });
    expect(answer).toMatchObject({ status: 200, body: '' });
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('%s gets nothing', async (method) => {
    await using setup = await openKiosk();
    expectNothing(await ask(setup.kiosk.port, { path: '/', method, headers: { ...(await setup.enter()) } }));
  });

  test.each([
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/%2e%2e%2foutside.txt',
    '/..%5coutside.txt',
    '/assets/..%252f..%252foutside.txt',
    '/.hidden',
    '/%00',
    '/%zz',
    '//etc/passwd',
    '/assets/',
  ])('%s reads no file', async (path) => {
    await using setup = await openKiosk();
    const answer = await ask(setup.kiosk.port, { path, headers: { ...(await setup.enter()) } });
    expect([403, 404]).toContain(answer.status);
    expect(answer.body).toBe('');
    expect(answer.body).not.toContain(SECRET_OUTSIDE);
  });
});

describe('gets nothing', () => {
  const CASES: [string, (port: number) => Record<string, string>][] = [
    ['without a cookie', () => ({ cookie: '' })],
    ['with a cookie of another port', (port) => ({ cookie: `gongwei-${port + 1}=x` })],
    ['with a guessed session', (port) => ({ cookie: `gongwei-${port}=${'A'.repeat(43)}` })],
    ['under a rebound name', (port) => ({ host: `evil.example:${port}` })],
    ['under a name that starts like ours', (port) => ({ host: `127.0.0.1.evil.example:${port}` })],
    ['for another port', (port) => ({ host: `127.0.0.1:${port + 1}` })],
    ['without a port in Host', () => ({ host: '127.0.0.1' })],
    ['for another loopback address', (port) => ({ host: `127.0.0.2:${port}` })],
    ['for IPv6 loopback', (port) => ({ host: `[::1]:${port}` })],
    ['with user info in Host', (port) => ({ host: `127.0.0.1:${port}@evil.example` })],
    ['from another origin', () => ({ origin: 'http://evil.example' })],
    ['from another port of this computer', (port) => ({ origin: `http://127.0.0.1:${port + 1}` })],
    ['from an opaque origin', () => ({ origin: 'null' })],
    ['from https of the same host', (port) => ({ origin: `https://127.0.0.1:${port}` })],
    ['from the other of our two names', (port) => ({ origin: `http://localhost:${port}` })],
    ['from another site', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['from another port as the browser says it', () => ({ 'sec-fetch-site': 'same-site' })],
    ['with a body', () => ({ 'transfer-encoding': 'chunked' })],
  ];

  test.each(CASES)('%s: page, file, unknown path and wire', async (_, headersFor) => {
    await using setup = await openKiosk();
    const { port } = setup.kiosk;
    const pass = await setup.enter();
    for (const path of ['/', '/index.html', '/assets/page.js', '/not-there', '/ws', '/?token=x']) {
      expectNothing(await ask(port, { path, headers: { ...pass, ...headersFor(port) } }));
    }
    expect(setup.logged).toEqual(['kiosk.listening']);
  });

  test.each([
    ['two Host lines', 'GET / HTTP/1.1\r\nHost: OURS\r\nHost: evil.example\r\n\r\n'],
    ['no Host line', 'GET / HTTP/1.1\r\n\r\n'],
    ['HTTP/1.0 without Host', 'GET / HTTP/1.0\r\n\r\n'],
    ['an absolute address', 'GET http://evil.example/ HTTP/1.1\r\nHost: OURS\r\n\r\n'],
    ['a proxy request', 'CONNECT evil.example:80 HTTP/1.1\r\nHost: OURS\r\n\r\n'],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: OURS\r\n\r\n'],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n'],
    ['a header without end', `GET / HTTP/1.1\r\nHost: OURS\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`],
    ['another upgrade', 'GET /ws HTTP/1.1\r\nHost: OURS\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'],
  ])('%s', async (_, bytes) => {
    await using setup = await openKiosk();
    const pass = await setup.enter();
    const ours = `127.0.0.1:${setup.kiosk.port}\r\nCookie: ${pass.cookie}\r\nX-Gongwei-Key: ${pass['x-gongwei-key']}`;
    const heard = await shout(setup.kiosk.port, bytes.replaceAll('OURS', ours));
    const [head = '', body = ''] = heard.split('\r\n\r\n');
    expect(body).toBe('');
    expect(head).toMatch(/^$|^HTTP\/1\.1 4\d\d /);
    expect(heard).not.toMatch(/error|node|fastify|\bat\b/i);
  });
});

describe('starting', () => {
  test('without built pages says so and what to do', async () => {
    const start = openKiosk({ rendererDir: '/nowhere/at/all' });
    await expect(start).rejects.toMatchObject({ code: 'file-missing', hint: 'Run: npm run build' });
  });

  test('on a taken port says so', async () => {
    await using setup = await openKiosk();
    const second = openKiosk({ port: setup.kiosk.port });
    await expect(second).rejects.toMatchObject({ code: 'port-busy' });
  });

  test('listens on loopback only', async () => {
    await using setup = await openKiosk();
    const { networkInterfaces } = await import('node:os');
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((face) => face !== undefined && !face.internal && face.family === 'IPv4');
    if (outside === undefined) return;
    await expect(fetch(`http://${outside.address}:${setup.kiosk.port}/`)).rejects.toThrow();
  });

  test('a closed kiosk no longer listens', async () => {
    const setup = await openKiosk();
    await setup[Symbol.asyncDispose]();
    await expect(ask(setup.kiosk.port, { path: '/' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
