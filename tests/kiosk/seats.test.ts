import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { contract, type SessionView, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, webSocketTransport } from '#shared/rpc/index.ts';
import { createNodePlatform, createStation, type Station } from '#station';
import { hashPin } from '../../station/access/index.ts';
import { beginRun, addBatch } from '../station/support/sample-store.ts';
import { tempDir } from '../station/support/temp-dir.ts';
import { ask } from './ask.ts';
import { openKiosk, type TestKiosk } from './open-kiosk.ts';

describe('a browser at a station', () => {
  let dir: ReturnType<typeof tempDir>;
  let station: Station;
  let kiosk: TestKiosk;
  const sockets: WebSocket[] = [];

  beforeEach(async () => {
    dir = tempDir('seats');
    station = await createStation(createNodePlatform(dir.path), {
      slots: [],
      appVersion: '0',
      autoSync: false,
    });
    station.store.people.put({ name: 'Wang', role: 'engineer', pinHash: await hashPin('246813', 4) }, 1);
    kiosk = await openKiosk({ station });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await kiosk[Symbol.asyncDispose]();
    await station.close();
    dir[Symbol.dispose]();
  });

  /** One tab: its client, and who it was told sits there. */
  async function tab(cookie: string): Promise<{ client: Client<StationContract>; told: SessionView[] }> {
    const socket = new WebSocket(`ws://127.0.0.1:${kiosk.kiosk.port}/ws`, {
      headers: { cookie, origin: kiosk.origin },
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
    await expect(one.client.call('session.people', {})).resolves.toEqual({
      people: [{ name: 'Wang', role: 'engineer' }],
    });
    await expect(one.client.call('session.signIn', { name: 'Wang', pin: '111111' })).rejects.toMatchObject({
      code: 'pin-wrong',
    });
    await expect(one.client.call('session.signIn', { name: 'Wang', pin: '246813' })).resolves.toEqual(wang);
    await expect.poll(() => two.told).toEqual([nobody, wang]);
    await expect(two.client.call('identity.audit', {})).resolves.toMatchObject({ violations: [] });
    await expect(two.client.call('station.info', {})).resolves.toMatchObject({
      session: { role: 'engineer', user: 'Wang' },
    });

    const reloaded = await tab(mine);
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
    addBatch(station.store);
    station.store.transaction(() => beginRun(station.store, 'r1', 'SN1'));
    const cookie = await kiosk.enter();
    const { client } = await tab(cookie);
    await client.call('session.signIn', { name: 'Wang', pin: '246813' });
    const made = await client.call('reports.export', { batchId: 'B', format: 'csv' });
    const get = (): ReturnType<typeof ask> =>
      ask(kiosk.kiosk.port, { path: `/files/${made.fileId}`, headers: { cookie } });
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('SN1');
    expect(Buffer.byteLength(answer.body)).toBe(made.bytes);
    const path = join(dir.path, 'exports', made.name);
    expect(existsSync(path) && readFileSync(path, 'utf8')).toBe(answer.body);
    expect(answer.headers['content-disposition']).toContain(encodeURIComponent(made.name));
    await client.call('session.signOut', {});
    expect((await get()).status).toBe(404);
  });
});
