import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  devicesReply,
  healthReply,
  productsReply,
  productView,
  registryError,
} from '#shared/registry-api/index.ts';
import { PRODUCT, startRegistry, type RegistrySetup } from '../support/registry-fixture.ts';

let setup: RegistrySetup;
beforeAll(async () => {
  setup = await startRegistry({ count: 5, now: () => 1_700_000_000_000 });
});
afterAll(() => setup[Symbol.asyncDispose]());

const right = () => ({ authorization: `Bearer ${setup.registry.enrolmentToken}`, 'x-gongwei-station': 'S1' });

describe('the HTTP side', () => {
  it('answers the health check without a token, without other data', async () => {
    const health = await fetch(`${setup.registry.http}/v1/health`);
    expect(healthReply.parse(await health.json())).toEqual({
      service: 'gongwei-registry',
      version: 'dev',
      nowMs: 1_700_000_000_000,
      devices: { downloads: 'http', plainRegistration: false },
    });
    const { authorization, 'x-gongwei-station': station } = right();
    for (const headers of [
      {},
      { 'x-gongwei-station': station },
      { authorization: 'Bearer wrong', 'x-gongwei-station': station },
      { authorization: `${authorization}x`, 'x-gongwei-station': station },
      { authorization: authorization.replace('Bearer ', 'Basic '), 'x-gongwei-station': station },
    ]) {
      for (const path of ['/v1/products', '/v1/leases', '/v1/devices', '/v1/nowhere']) {
        const reply = await fetch(setup.registry.http + path, { headers });
        expect(reply.status).toBe(401);
        expect(registryError.parse(await reply.json()).code).toBe('unauthorized');
      }
    }
    for (const name of [
      undefined,
      '',
      '%E4',
      'a'.repeat(65),
      '%0A',
      'a%E2%80%A8b',
      'a%E2%80%A9b',
      '%E3%85%A4',
      '%E2%A0%80',
    ]) {
      const headers = name === undefined ? { authorization } : { authorization, 'x-gongwei-station': name };
      const reply = await fetch(`${setup.registry.http}/v1/products`, { headers });
      expect(reply.status).toBe(400);
    }
  });

  it('creates products, once', async () => {
    const admin = setup.addStation('office', ['admin']);
    const name = (text: string) =>
      setup.askAs(admin, null, 'POST', '/v1/products', { productId: 'NEWPROD', name: text });
    expect(await name('彩灯')).toMatchObject({ status: 200 });
    const again = await name('Lamp');
    expect(productView.parse(again.body)).toEqual({
      productId: 'NEWPROD',
      name: 'Lamp',
      createdMs: 1_700_000_000_000,
      counts: { available: 0, leased: 0, bound: 0, retired: 0 },
    });
    const { products } = productsReply.parse((await setup.get('/v1/products')).body);
    expect(products.map((product) => product.productId)).toEqual([PRODUCT, 'NEWPROD']);
    expect((await setup.get('/v1/products/NOSUCH')).status).toBe(404);
  });

  it('pages through devices', async () => {
    const names: string[] = [];
    for (let cursor: string | null = '0'; cursor !== null;) {
      const { body } = await setup.get(`/v1/devices?productId=${PRODUCT}&limit=2&cursor=${cursor}`);
      const page = devicesReply.parse(body);
      expect(page.devices.length).toBeLessThanOrEqual(2);
      names.push(...page.devices.map((device) => device.deviceName));
      cursor = page.nextCursor;
    }
    expect(names).toEqual([1, 2, 3, 4, 5].map((n) => `Dev00000${n}`));
    expect((await setup.get('/v1/devices?limit=501')).status).toBe(400);
    expect((await setup.get('/v1/devices?cursor=x')).status).toBe(400);
  });

  it.each([
    ['a path that is not there', 'GET', '/v1/nowhere', undefined, 404, 'not-found'],
    ['a method that is not there', 'DELETE', '/v1/products', undefined, 404, 'not-found'],
    ['torn JSON', 'POST', '/v1/products', '{"productId":', 400, 'bad-input'],
    ['another content', 'POST', '/v1/products', '<xml/>', 400, 'bad-input'],
    [
      'a poisoned prototype',
      'POST',
      '/v1/products',
      '{"__proto__":{},"productId":"A","name":"a"}',
      400,
      'bad-input',
    ],
    ['a body beyond the limit', 'POST', '/v1/events', ' '.repeat(17 * 1024 * 1024), 413, 'too-large'],
    ['a lease that is no lease', 'POST', '/v1/leases/x/return', '{"deviceNames":["a"]}', 400, 'bad-input'],
    ['a chip id that is none', 'GET', '/v1/units/xyz', undefined, 400, 'bad-input'],
  ])('answers %s with a fault of the closed list', async (_, method, path, body, status, code) => {
    const type = body?.startsWith('<') === true ? 'application/xml' : 'application/json';
    const reply = await fetch(setup.registry.http + path, {
      method,
      headers: { ...right(), ...(body === undefined ? {} : { 'content-type': type }) },
      body: body ?? null,
    });
    expect(reply.status).toBe(status);
    const text = await reply.text();
    expect(registryError.strict().parse(JSON.parse(text)).code).toBe(code);
    expect(text).not.toMatch(/\bat .*\.[jt]s:|node_modules/);
  });

  it('survives bytes that are not HTTP', async () => {
    const { hostname, port } = new URL(setup.registry.http);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.end('\x16\x03\x01garbage\r\n\r\n'));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve());
      socket.resume();
    });
    expect((await setup.get('/v1/products')).status).toBe(200);
  });
});
