import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { contract, type SessionView, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, webSocketTransport } from '#shared/rpc/index.ts';
import type { Station } from '#station';
import { beginRun, addBatch } from '../kit/sample-rows.ts';
import { type Answer, ask } from './ask.ts';
import { openKiosk, type Pass, passIn, renewed, type TestKiosk } from './open-kiosk.ts';
import { soon } from '../support/patience.ts';
import { startStation, TEST_PIN, type TestStation } from '../kit/station.ts';

describe('a browser at a station', () => {
  let setup: TestStation;
  let station: Station;
  let kiosk: TestKiosk;
  const sockets: WebSocket[] = [];

  beforeEach(async () => {
    setup = await startStation({ users: { Wang: 'engineer' } });
    station = setup.station;
    kiosk = await openKiosk({ station });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await kiosk[Symbol.asyncDispose]();
    await setup[Symbol.asyncDispose]();
  });

  /** One tab: its client, and who it was told sits there. */
  async function tab(pass: Pass): Promise<{ client: Client<StationContract>; told: SessionView[] }> {
    const socket = new WebSocket(`ws://127.0.0.1:${kiosk.kiosk.port}/ws`, {
      headers: { ...pass, origin: kiosk.origin },
    });
    sockets.push(socket);
    await once(socket, 'open');
    const client = connect(contract, webSocketTransport(socket));
    const told: SessionView[] = [];
    client.watch('session', { onState: (view) => told.push(view) });
    return { client, told };
  }
  const nobody = { role: 'operator', user: 'operator', signedIn: false };
  const wang = { role: 'engineer', user: 'Wang', signedIn: true };

  test('shares one sign-in between its tabs, keeps it through a reload, and no other browser has it', async () => {
    const [mine, others] = [await kiosk.enter(), await kiosk.enter()];
    const [one, two, other] = [await tab(mine), await tab(mine), await tab(others)];
    await expect(one.client.call('sync.drain', {})).rejects.toMatchObject({ code: 'forbidden' });
    await expect(one.client.call('session.users', {})).resolves.toEqual({
      users: [{ name: 'Wang', role: 'engineer' }],
      samplePins: [],
      canResetPin: true,
    });
    await expect(one.client.call('session.signIn', { name: 'Wang', pin: '111111' })).rejects.toMatchObject({
      code: 'pin-wrong',
    });
    await expect(one.client.call('session.signIn', { name: 'Wang', pin: TEST_PIN })).resolves.toEqual(wang);
    await expect.poll(() => two.told).toEqual([nobody, wang]);
    await expect(two.client.call('identity.audit', {})).resolves.toMatchObject({ violations: [] });
    await expect(two.client.call('station.info', {})).resolves.toMatchObject({
      session: { role: 'engineer', user: 'Wang' },
    });

    const reloaded = await tab(await renewed(kiosk.kiosk.port, mine));
    await expect(reloaded.client.call('session.current', {})).resolves.toEqual(wang);
    await expect(other.client.call('identity.audit', {})).rejects.toMatchObject({ code: 'forbidden' });
    expect(other.told).toEqual([nobody]);

    const faults: string[] = [];
    await new Promise<void>((resolve) => {
      one.client.watch('exports', { onState: () => resolve(), onFault: ({ code }) => faults.push(code) });
    });
    await expect(two.client.call('session.signOut', {})).resolves.toEqual(nobody);
    await expect.poll(() => faults).toEqual(['forbidden']);
    await expect.poll(() => one.told).toEqual([nobody, wang, nobody]);
    await expect(one.client.call('identity.audit', {})).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('takes a batch along as a file, as long as its engineer is signed in', async () => {
    addBatch(station.database);
    station.database.transaction(() => beginRun(station.database, 'r1', 'SN1'));
    let pass = await kiosk.enter();
    const { client } = await tab(pass);
    await client.call('session.signIn', { name: 'Wang', pin: TEST_PIN });
    pass = await renewed(kiosk.kiosk.port, pass);
    const made = await client.call('reports.export', { batchId: 'B', format: 'csv' });
    const get = (): ReturnType<typeof ask> =>
      ask(kiosk.kiosk.port, { path: `/files/${made.fileId}`, headers: pass });
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('SN1');
    expect(Buffer.byteLength(answer.body)).toBe(made.bytes);
    const path = join(setup.dataDir, 'exports', made.name);
    expect(existsSync(path) && readFileSync(path, 'utf8')).toBe(answer.body);
    expect(answer.headers['content-disposition']).toContain(encodeURIComponent(made.name));
    await client.call('session.signOut', {});
    expect((await get()).status).toBe(404);
  });

  test('saves a document of a firmware package under its own name', async () => {
    const folder = join(setup.dir, 'package');
    mkdirSync(folder);
    writeFileSync(join(folder, 'fw.bin.ota'), 'firmware');
    writeFileSync(join(folder, 'ota_cfg.json'), '{}');
    writeFileSync(join(folder, '说明 (新).txt'), '先读我');
    const signal = soon();
    const engineer = { user: 'Wang', role: 'engineer' } as const;
    const { firmware } = await station.firmware.importFrom([folder], {}, () => undefined, engineer, signal);
    const pass = await kiosk.enter();
    const { client } = await tab(pass);
    const { documents } = await client.call('firmware.get', { firmwareId: firmware.firmwareId });
    expect(documents.map(({ path }) => path)).toEqual(['说明 (新).txt']);
    const path = `/files/${documents[0]?.fileId ?? ''}`;
    const answer = await ask(kiosk.kiosk.port, { path, headers: pass });
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: '先读我' });
    expect(answer.headers['content-disposition']).toContain(encodeURIComponent('说明 '));
    // What runs in a browser must not run here.
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    expect(
      (await ask(kiosk.kiosk.port, { path: `/files/doc-${'0'.repeat(64)}`, headers: pass })).status,
    ).toBe(404);
    expect((await ask(kiosk.kiosk.port, { path })).status).not.toBe(200);
  });

  test('gets another session when its user changes; the one before is void, and a lost answer locks nobody out', async () => {
    const { port } = kiosk.kiosk;
    const before = await kiosk.enter();
    const { client } = await tab(before);
    await client.call('session.signIn', { name: 'Wang', pin: TEST_PIN });
    const post = (pass: Pass, path = '/session') =>
      ask(port, { path, method: 'POST', headers: { ...pass, origin: kiosk.origin } });
    const keyIn = ({ body }: Answer): string => (JSON.parse(body) as { key: string }).key;
    // An id that somebody knew before opens nothing of the engineer's, not even until it is renewed.
    await expect(tab(before)).rejects.toThrow('403');
    expect((await post(before, '/tickets')).status).toBe(403);

    const lost = await post(before);
    const torn = await post(before);
    // A page that was reloaded or closed when it had the new cookie and not yet the new key.
    const half = passIn(torn, before['x-gongwei-key']);
    const answer = await post(half);
    expect([lost.status, torn.status, answer.status]).toEqual([200, 200, 200]);
    const after = passIn(answer, keyIn(answer));
    for (const { cookie } of [half, after])
      expect((await post({ cookie, 'x-gongwei-key': 'guessed' })).status).toBe(403);
    expect((await post(passIn(lost, keyIn(lost)))).status).toBe(403);
    expect((await post(passIn(torn, keyIn(torn)))).status).toBe(403);
    const { client: engineers } = await tab(after);
    await expect(engineers.call('session.current', {})).resolves.toEqual(wang);
    expect((await post(before)).status).toBe(403);
    expect((await post({ ...after, 'x-gongwei-key': before['x-gongwei-key'] })).status).toBe(403);
    expect((await ask(port, { path: '/', headers: before })).status).toBe(403);

    await engineers.call('session.signOut', {});
    await expect(tab(after)).rejects.toThrow('403');
    await expect(
      (await tab(await renewed(kiosk.kiosk.port, after))).client.call('session.current', {}),
    ).resolves.toEqual(nobody);
    expect((await post(after)).status).toBe(403);
  });

  test('whose session was replaced a moment ago still gets the files of the open page, and nothing else', async () => {
    let nowMs = 0;
    await using other = await openKiosk({ station, nowMs: () => nowMs });
    const { port } = other.kiosk;
    const before = await other.enter();
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
      headers: { ...before, origin: other.origin },
    });
    sockets.push(socket);
    await once(socket, 'open');
    const client = connect(contract, webSocketTransport(socket));
    await client.call('session.signIn', { name: 'Wang', pin: TEST_PIN });
    await renewed(port, before);

    const status = async (path: string, method = 'GET'): Promise<number> =>
      (await ask(port, { path, method, headers: { ...before, origin: other.origin } })).status;
    expect(await status('/assets/page.js')).toBe(200);
    for (const path of [
      '/',
      '/files/1',
      '/assets/../index.html',
      '/assets/%2e%2e/index.html',
      '/favicon.svg',
    ])
      expect(await status(path), path).toBe(403);
    for (const path of ['/session', '/tickets', '/assets/page.js', '/files?name=a'])
      expect(await status(path, 'POST'), path).toBe(403);
    const guessed = { ...before, cookie: before.cookie.replace(/=.*/, '=guessed') };
    expect((await ask(port, { path: '/assets/page.js', headers: guessed })).status).toBe(403);

    nowMs += 10_001;
    expect(await status('/assets/page.js')).toBe(403);
  });

  test('downloads with a ticket of its own session, once', async () => {
    addBatch(station.database);
    station.database.transaction(() => beginRun(station.database, 'r1', 'SN1'));
    const [first, other] = [await kiosk.enter(), await kiosk.enter()];
    const { client } = await tab(first);
    await client.call('session.signIn', { name: 'Wang', pin: TEST_PIN });
    const mine = await renewed(kiosk.kiosk.port, first);
    const made = await client.call('reports.export', { batchId: 'B', format: 'csv' });
    const ticketOf = async (pass: Pass): Promise<string> => {
      const headers = { ...pass, origin: kiosk.origin };
      const answer = await ask(kiosk.kiosk.port, { path: '/tickets', method: 'POST', headers });
      return (JSON.parse(answer.body) as { ticket: string }).ticket;
    };
    const get = async (cookie: string, ticket: string): Promise<number> => {
      const path = `/files/${made.fileId}?ticket=${ticket}`;
      return (await ask(kiosk.kiosk.port, { path, headers: { cookie } })).status;
    };
    const ticket = await ticketOf(mine);
    expect(await get(other.cookie, ticket)).toBe(404);
    expect(await get(mine.cookie, await ticketOf(other))).toBe(404);
    expect(await get(mine.cookie, 'guessed')).toBe(404);
    expect(await get(mine.cookie, ticket)).toBe(200);
    expect(await get(mine.cookie, ticket)).toBe(404);
  });
});
