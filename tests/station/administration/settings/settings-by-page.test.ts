import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, createInMemoryTransports, Session } from '#shared/rpc/index.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { faultOf } from '../../../support/fault-of.ts';

describe('the settings of a station, by page', () => {
  let setup: TestStation;
  let engineer: Client<StationContract>;

  beforeAll(async () => {
    setup = await startStation({ registry: 'real', triples: 2, name: 'S1' });
    const [here, there] = createInMemoryTransports();
    setup.station.serve(there, new Session({ role: 'engineer', user: '陈静' }));
    engineer = connect(contract, here);
  });
  afterAll(() => setup[Symbol.asyncDispose]());

  /** The entries of the audit trail since `seq`: who did what. */
  function entriesSince(seq: number): string[] {
    return [...setup.station.database.audit.iterate()]
      .filter((entry) => entry.seq > seq)
      .map(({ actor, action }) => `${actor} ${action}`);
  }
  const head = (): number => setup.station.database.audit.findLast()?.seq ?? 0;

  test('change with an entry of who changed them, and without one where nothing changes', async () => {
    const before = await engineer.call('settings.get', {});
    const from = head();
    const pages = { language: 'zh-CN', theme: null, sound: false } as const;
    const recordings = { maxAgeDays: 30, maxBytes: 5_000_000_000, keepDays: 3 };
    const change = { startMode: 'arrival', pages, recordings } as const;
    const after = await engineer.call('settings.change', change);
    expect(after).toEqual({ ...before, ...change });
    const entries = ['陈静 settings.recordings', '陈静 settings.pages', '陈静 settings.start'];
    expect(entriesSince(from)).toEqual(entries);
    await engineer.call('settings.change', change);
    expect(entriesSince(from)).toEqual(entries);
    expect((await engineer.call('station.info', {})).pages).toEqual(pages);
    expect(setup.station.slotSettings.startMode()).toBe('arrival');
  });

  test('refuse another name while triples are leased to the old one, and say how many', async () => {
    const from = head();
    const fault = await faultOf(() => engineer.call('settings.change', { station: 'S2' }));
    expect(fault.toView()).toMatchObject({ code: 'bad-input', details: { from: 'S1', to: 'S2', inHand: 2 } });
    expect(setup.station.name).toBe('S1');
    expect(entriesSince(from)).toEqual([]);
  });

  test('never send the stored token to another address, and ask for one', async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer(({ headers }, reply) => {
      seen.push(headers.authorization);
      reply.setHeader('content-type', 'application/json');
      reply.end(
        JSON.stringify({ status: 'ok', service: 'gongwei-registry', version: '9', nowMs: Date.now() }),
      );
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    try {
      const answer = await engineer.call('settings.testRegistry', { url, fingerprint: null });
      expect(answer.tokenAccepted).toBe(null);
      const token = setup.station.settings.registry()?.token ?? '';
      expect(token).not.toBe('');
      expect(seen).toHaveLength(1);
      expect(seen.join()).not.toContain(token);
      const fault = await faultOf(() =>
        engineer.call('settings.bindRegistry', { url, token: null, fingerprint: null }),
      );
      expect(fault.toView()).toMatchObject({ code: 'bad-input', details: { missing: 'token' } });
      expect(seen).toHaveLength(1);
    } finally {
      other.close();
    }
  });

  test('test the bound registry with its token, and refuse a wrong token without a change', async () => {
    const { http: url } = setup.registry.service;
    const answer = await engineer.call('settings.testRegistry', { url, fingerprint: null });
    expect(answer).toMatchObject({ fault: null, tokenAccepted: true, isProtected: true });
    expect(answer.version).not.toBe(null);
    const from = head();
    const token = setup.station.settings.registry()?.token;
    const wrong = { url, token: 'wrong-token', fingerprint: null };
    expect((await faultOf(() => engineer.call('settings.bindRegistry', wrong))).code).toBe(
      'registry-refused',
    );
    expect(setup.station.settings.registry()?.token).toBe(token);
    expect(entriesSince(from)).toEqual([]);
    const kept = await engineer.call('settings.bindRegistry', { url, token: null, fingerprint: null });
    expect(kept).toMatchObject({ isReachable: true, settings: { registry: { url, isOwn: true } } });
    expect(JSON.stringify(kept)).not.toContain(token);
  });
});
