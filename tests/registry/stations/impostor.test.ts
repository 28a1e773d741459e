import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import { devicesReply, eventsReply } from '#shared/registry-api/index.ts';
import { connectPeer, loginOf } from '../support/mqtt-peer.ts';
import {
  type Ask,
  type RegistrySetup,
  type LeasedTriple,
  PRODUCT,
  startRegistry,
} from '../support/registry-fixture.ts';
import { chip, retireEvent, returnEvent, runEvent } from '../support/sample-events.ts';

let setup: RegistrySetup;
let unit = 0;
/** Tokens of two stations, as `registry station add` gives them. */
const token: Record<'A' | 'B', string> = { A: '', B: '' };

beforeAll(async () => {
  setup = await startRegistry({ count: 40 });
  token.A = setup.addStation('A');
  token.B = setup.addStation('B');
});
afterAll(() => setup[Symbol.asyncDispose]());
beforeEach(() => {
  unit += 1;
});

const asA = (method: string, path: string, body?: unknown): Promise<Ask> =>
  setup.askAs(token.A, 'A', method, path, body);
const asB = (method: string, path: string, body?: unknown): Promise<Ask> =>
  setup.askAs(token.B, null, method, path, body);

async function tell(ask: typeof asA, event: unknown): Promise<string | undefined> {
  const [result] = eventsReply.parse((await ask('POST', '/v1/events', { events: [event] })).body).results;
  return result?.code ?? result?.status;
}

async function leaseOfB(
  count: number,
): Promise<{ readonly requestId: string; readonly triples: LeasedTriple[] }> {
  const requestId = crypto.randomUUID();
  const { status, body } = await asB('POST', '/v1/leases', { requestId, productId: PRODUCT, count });
  expect(status).toBe(200);
  return { requestId, triples: body.triples as LeasedTriple[] };
}

async function deviceOf(triple: LeasedTriple | undefined): Promise<Ask['body']> {
  return (await asB('GET', `/v1/devices/${PRODUCT}/${triple?.deviceName ?? ''}`)).body;
}

const head = { seq: 3, hash: 'f'.repeat(64) };

describe('a station that uses another name', () => {
  it.each([
    ['its own token', () => token.A],
    ['the enrolment token', () => setup.registry.enrolmentToken],
  ])(
    'with %s gets no secret of a lease, changes no audit trail, and sends no event',
    async (_what, shown) => {
      const { requestId } = await leaseOfB(2);
      expect((await asB('POST', '/v1/audit', { head, seen: null })).status).toBe(200);
      const before = (await asB('GET', '/v1/audit')).body;
      const asked: [string, string, unknown?][] = [
        ['POST', '/v1/leases', { requestId, productId: PRODUCT, count: 2 }],
        ['GET', '/v1/leases'],
        ['GET', '/v1/audit'],
        ['POST', '/v1/audit', { head: { seq: 1, hash: '0'.repeat(64) }, seen: null }],
        ['POST', '/v1/events', { events: [runEvent(unit, null, { station: 'B' })] }],
        ['GET', '/v1/firmware'],
      ];
      for (const [method, path, body] of asked) {
        const reply = await setup.askAs(shown(), 'B', method, path, body);
        expect(reply, `${method} ${path}`).toMatchObject({ status: 403, body: { code: 'forbidden' } });
        expect(JSON.stringify(reply.body)).not.toMatch(/deviceSecret|\n/);
      }
      expect((await asB('GET', '/v1/audit')).body).toEqual(before);
    },
  );

  it('cannot get the name by enrolment, nor after it was revoked', async () => {
    const enrol = (name: string): Promise<Ask> =>
      setup.askAs(setup.registry.enrolmentToken, name, 'POST', '/v1/enrol', { tokenSha256: 'ab'.repeat(32) });
    expect(await enrol('B')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const gone = setup.addStation('gone');
    using store = openRegistryStore(setup.dataDir);
    store.revokeStation('gone');
    expect(await setup.askAs(gone, 'gone', 'GET', '/v1/leases')).toMatchObject({ status: 401 });
    expect(await enrol('gone')).toMatchObject({ status: 403 });
    expect(await setup.askAs(setup.registry.enrolmentToken, 'gone', 'GET', '/v1/leases')).toMatchObject({
      status: 403,
    });
    const again = setup.addStation('gone');
    expect(await setup.askAs(again, 'gone', 'GET', '/v1/leases')).toMatchObject({ status: 200 });
    expect(await setup.askAs(gone, 'gone', 'GET', '/v1/leases')).toMatchObject({ status: 401 });
  });

  it('cannot report runs of another station', async () => {
    const forged = runEvent(unit, null, { station: 'B', runId: `forged-${unit}` });
    expect(await tell(asA, forged)).toBe('bad-input');
    expect(await tell(asA, returnEvent(unit, null, { station: 'B' }))).toBe('bad-input');
    // And what it refused stands in nobody's way.
    expect(await tell(asB, forged)).toBe('applied');
  });
});

describe('a unit or triple of another station', () => {
  it('is not retired, returned or bound again; the right desk allows it', async () => {
    const [sold, spare] = (await leaseOfB(2)).triples;
    const run = { station: 'B', runId: `run-${unit}` };
    expect(await tell(asB, runEvent(unit, sold?.deviceName ?? '', run))).toBe('applied');
    const retire = (key: string, of = sold): unknown => retireEvent(key, of?.deviceName ?? '', null);
    expect(await tell(asA, retire('r1'))).toBe('identity-leased-elsewhere');
    expect(await tell(asA, retire('r2', spare))).toBe('identity-leased-elsewhere');
    // A second station may test the unit: its run is kept, and the unit stays what it was.
    const tested = { station: 'A', runId: `again-${unit}`, serialNumber: 'ANOTHER' };
    expect(await tell(asA, { ...runEvent(unit, sold?.deviceName ?? '', tested), key: `A:${unit}` })).toBe(
      'applied',
    );
    expect(await deviceOf(sold)).toMatchObject({
      state: 'bound',
      leasedTo: 'B',
      serialNumber: `SN${unit}`,
      runs: 2,
    });
    const desk = setup.addStation(`desk ${unit}`, ['desk']);
    const asDesk: typeof asA = (method, path, body) => setup.askAs(desk, null, method, path, body);
    expect(await tell(asDesk, retire('r3'))).toBe('applied');
    expect(await deviceOf(sold)).toMatchObject({ state: 'retired' });
  });

  it('is not bound: a triple of another station, and one of no station', async () => {
    const [triple] = (await leaseOfB(1)).triples;
    const run = (name: string, n: number) => runEvent(unit, name, { station: 'A', runId: `${n}-${unit}` });
    expect(await tell(asA, run(triple?.deviceName ?? '', 1))).toBe('identity-leased-elsewhere');
    expect(await tell(asA, run('Dev000040', 2))).toBe('identity-leased-elsewhere');
    const guessed = { ...run('Dev000040', 3), secretProof: 'a'.repeat(64) };
    expect(await tell(asA, guessed)).toBe('identity-leased-elsewhere');
    expect(await deviceOf({ deviceName: 'Dev000040', deviceSecret: '' })).toMatchObject({
      state: 'available',
      chipId: null,
    });
  });

  it('is not listed, controlled or created; an administrator may', async () => {
    const [triple] = (await leaseOfB(1)).triples;
    const seen = async (ask: typeof asA): Promise<Set<string | null>> => {
      const { devices } = devicesReply.parse((await ask('GET', '/v1/devices?limit=500')).body);
      return new Set(devices.map(({ leasedTo }) => leasedTo));
    };
    const admin = setup.addStation(`office ${unit}`, ['admin']);
    const asAdmin: typeof asA = (method, path, body) => setup.askAs(admin, null, method, path, body);
    expect(await seen(asA)).toEqual(new Set());
    expect(await seen(asB)).toEqual(new Set(['B']));
    expect((await seen(asAdmin)).size).toBeGreaterThan(1);
    const control = `/v1/devices/${PRODUCT}/${triple?.deviceName ?? ''}/control`;
    const product = { productId: 'OTHER', name: 'other' };
    expect(await asA('POST', control, { set: { lock: 0 }, withinMs: 1 })).toMatchObject({ status: 403 });
    expect(await asB('POST', control, { set: { lock: 0 }, withinMs: 1 })).toMatchObject({ status: 200 });
    expect(await asB('POST', '/v1/products', product)).toMatchObject({ status: 403 });
    expect(await asAdmin('POST', '/v1/products', product)).toMatchObject({ status: 200 });
  });
});

describe('a login in an event that this registry should have seen', () => {
  it('counts only when the broker saw it', async () => {
    const [triple] = (await leaseOfB(1)).triples;
    if (triple === undefined) throw new Error('no triple');
    const run = runEvent(unit, triple.deviceName, {
      station: 'B',
      runId: `claims-${unit}`,
      identity: {
        productId: PRODUCT,
        deviceName: triple.deviceName,
        state: 'burned',
        proof: { readBack: 'bcc8', online: 'registry' },
      },
    });
    expect(await tell(asB, run)).toBe('login-unknown');
    expect(await deviceOf(triple)).toMatchObject({ state: 'leased', chipId: null });
    const peer = await connectPeer(setup.mqttPort, loginOf(PRODUCT, triple.deviceName, triple.deviceSecret));
    await peer.client.endAsync();
    expect(await tell(asB, run)).toBe('applied');
    expect(await deviceOf(triple)).toMatchObject({ state: 'bound', chipId: chip(unit) });
  });
});
