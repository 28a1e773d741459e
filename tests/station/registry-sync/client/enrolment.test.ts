import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistry } from '#registry';
import { Fault } from '#shared/domain/fault.ts';
import type { RegistryClient, Station } from '#station';
import { createRegistryClient } from '../../../../station/registry-sync/client/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { TestRegistry } from '../../../kit/registry.ts';
import { STATION_ITSELF } from '#station';
import { PRODUCT } from '../../../kit/sample-rows.ts';

import { soon } from '../../../support/patience.ts';

let registry: TestRegistry;
let opened: AsyncDisposableStack;
beforeEach(async () => {
  opened = new AsyncDisposableStack();
  registry = opened.use(await TestRegistry.start());
  registry.seed(20);
});
afterEach(() => opened.disposeAsync());

/** A station of this name at the registry, whose network loses what the test says. */
async function startNamed(name: string): Promise<TestStation> {
  return opened.use(await startStation({ registry: 'lossy', sharedRegistry: registry, name }));
}

const shared = (): string => registry.service.enrolmentToken;
const known = () => registry.store.stations().map(({ name, state, origin }) => [name, state, origin]);
const tokenOf = (station: Station) => station.settings.registry();

/** Whoever has a token and says a name. */
function stranger(token: string, station: string): RegistryClient {
  return createRegistryClient({ baseUrl: registry.service.http, token, station });
}

describe('a station that was given the enrolment token', () => {
  it('has one of its own from its first contact, and the other speaks for it no more', async () => {
    const { station } = await startNamed('A');
    expect(tokenOf(station)).toMatchObject({ token: shared(), isOwn: false });
    await station.pool.lease(PRODUCT, 2, STATION_ITSELF, soon());
    const own = tokenOf(station);
    expect(own).toMatchObject({ isOwn: true });
    expect(own?.token).not.toBe(shared());
    expect(known()).toEqual([['A', 'active', 'enrolled']]);
    const forged = stranger(shared(), 'A').lease({ requestId: 'x', productId: PRODUCT, count: 1 }, soon());
    expect(await faultOf(() => forged)).toMatchObject({ code: 'registry-refused', details: { status: 403 } });
    const another = stranger(own?.token ?? '', 'B').unit('000000000000', soon());
    expect(await faultOf(() => another)).toMatchObject({
      message: expect.stringContaining('this token is that of station A'),
    });
    // Said again, it is the same station, and no other token.
    station.settings.configure({ registry: { url: registry.service.http, token: shared() } }, STATION_ITSELF);
    expect(tokenOf(station)).toMatchObject({ token: own?.token, isOwn: true, url: registry.service.http });
    await station.pool.lease(PRODUCT, 1, STATION_ITSELF, soon());
    expect(known()).toHaveLength(1);
  });

  it('comes to it whatever answers are lost, and across a restart', async () => {
    const setup = await startNamed('A');
    setup.proxy.enrolFates.push('cut-before', 'cut-after');
    for (const _ of [1, 2]) {
      expect(await faultOf(() => setup.station.pool.lease(PRODUCT, 1, STATION_ITSELF, soon()))).toMatchObject(
        {
          code: 'registry-unreachable',
        },
      );
      expect(tokenOf(setup.station)).toMatchObject({ token: shared(), isOwn: false });
    }
    expect(known()).toEqual([['A', 'active', 'enrolled']]);
    await setup.restart();
    await setup.station.pool.lease(PRODUCT, 1, STATION_ITSELF, soon());
    expect(tokenOf(setup.station)).toMatchObject({ isOwn: true });
    await setup.restart();
    expect((await setup.station.registry()?.unit('000000000000', soon())) ?? null).toBeNull();
    expect(known()).toHaveLength(1);
  });

  it('and a name that is taken is told so, and what to do', async () => {
    const { station: first } = await startNamed('A');
    await first.pool.lease(PRODUCT, 1, STATION_ITSELF, soon());
    const { station } = await startNamed('B');
    station.settings.configure({ station: 'A' }, STATION_ITSELF);
    const fault = await faultOf(() => station.pool.lease(PRODUCT, 1, STATION_ITSELF, soon()));
    expect(fault).toMatchObject({
      code: 'registry-refused',
      message: expect.stringContaining('the name A is taken'),
      hint: expect.stringContaining('registry station revoke'),
    });
    // What to do: a token of its own is made for it.
    registry.store.revokeStation('A');
    expect(await faultOf(() => first.pool.lease(PRODUCT, 1, STATION_ITSELF, soon()))).toMatchObject({
      message: expect.stringContaining('was revoked'),
    });
    const token = registry.store.addStation('A', []);
    station.settings.configure({ registry: { url: registry.service.http, token } }, STATION_ITSELF);
    await station.pool.lease(PRODUCT, 1, STATION_ITSELF, soon());
    expect(tokenOf(station)).toMatchObject({ token, isOwn: true });
  });

  it('has another for each name and each enrolment token, and keeps the enrolment token no longer', async () => {
    const { station } = await startNamed('A');
    await station.pool.lease(PRODUCT, 1, STATION_ITSELF, soon());
    const own = station.settings.ownToken(shared(), 'A');
    expect(tokenOf(station)?.token).toBe(own);
    expect(
      new Set([own, station.settings.ownToken(shared(), 'B'), station.settings.ownToken('other', 'A')]).size,
    ).toBe(3);
  });
});

describe('a registry of before, which knows no enrolment', () => {
  it('is shown what was configured, and the question is not put again', async () => {
    const asked: string[] = [];
    const kept: string[] = [];
    const client = createRegistryClient({
      baseUrl: 'http://registry.test',
      token: 'shared',
      station: 'S1',
      enrolment: { ownToken: 'own', storeToken: (token) => kept.push(token) },
      fetch: (url, init) => {
        const { pathname } = new URL(String(url));
        asked.push(`${pathname} ${new Headers(init?.headers).get('authorization') ?? ''}`);
        const body = { code: 'not-found', message: 'there is no such thing', hint: 'Check the URL.' };
        return Promise.resolve(Response.json(body, { status: 404 }));
      },
    });
    for (const _ of [1, 2]) expect(await client.unit('000000000000', soon())).toBeNull();
    expect(asked).toEqual([
      '/v1/enrol Bearer shared',
      '/v1/units/000000000000 Bearer shared',
      '/v1/units/000000000000 Bearer shared',
    ]);
    expect(kept).toEqual([]);
  });
});

describe('a page that closes during the exchange', () => {
  /** A client whose exchanges wait for `reply`; counts them. */
  function slowEnrolment() {
    const exchanges: AbortSignal[] = [];
    const reply = Promise.withResolvers<undefined>();
    const client = createRegistryClient({
      baseUrl: 'http://registry.test',
      token: 'shared',
      station: 'S1',
      enrolment: { ownToken: 'own', storeToken: () => undefined },
      fetch: async (url, init) => {
        const { pathname } = new URL(String(url));
        if (pathname !== '/v1/enrol')
          return Response.json({ code: 'not-found', message: 'none', hint: 'none' }, { status: 404 });
        const { signal } = init ?? {};
        if (signal == null) throw new Error('no signal');
        exchanges.push(signal);
        const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', reject));
        await Promise.race([reply.promise, aborted]);
        return Response.json({ station: 'S1', token: 'enrolled' });
      },
    });
    return { client, exchanges, reply: () => reply.resolve(undefined) };
  }
  const page = (): AbortController => new AbortController();
  const gone = new Fault('disconnected', 'the page went away');

  it('ends its own call alone: the exchange goes on for the other call', async () => {
    const { client, exchanges, reply } = slowEnrolment();
    const first = page();
    const left = faultOf(() => client.unit('000000000000', first.signal));
    const other = client.unit('000000000000', soon());
    await new Promise((resolve) => setImmediate(resolve));
    first.abort(gone);
    expect(await left).toMatchObject({ code: 'disconnected' });
    reply();
    expect(await other).toBeNull();
    expect(exchanges).toHaveLength(1);
  });

  it('ends the exchange when no other call waits for it, and the next call begins another', async () => {
    const { client, exchanges, reply } = slowEnrolment();
    const [first, second] = [page(), page()];
    const left = [first, second].map(({ signal }) => faultOf(() => client.unit('000000000000', signal)));
    await new Promise((resolve) => setImmediate(resolve));
    first.abort(gone);
    await left[0];
    expect(exchanges.map(({ aborted }) => aborted)).toEqual([false]);
    second.abort(gone);
    await left[1];
    expect(exchanges.map(({ aborted }) => aborted)).toEqual([true]);
    reply();
    expect(await client.unit('000000000000', soon())).toBeNull();
    expect(exchanges).toHaveLength(2);
  });
});

describe('a registry that is closed for enrolment', () => {
  it('lets in only stations that were added', async () => {
    await registry.service.close();
    await using closed = await createRegistry({ dataDir: registry.dataDir, enrol: false });
    const knock = (token: string) =>
      createRegistryClient({ baseUrl: closed.http, token, station: 'N' }).unit('000000000000', soon());
    expect(await faultOf(() => knock(closed.enrolmentToken))).toMatchObject({
      code: 'registry-refused',
      message: expect.stringContaining('enrolment is closed'),
    });
    expect(await knock(registry.store.addStation('N', []))).toBeNull();
  });
});
