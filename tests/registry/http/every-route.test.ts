import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registryError, REGISTRY_PATH, STATION_HEADER } from '#shared/registry-api/index.ts';
import { type RegistrySetup, startRegistry } from '../support/registry-fixture.ts';

let setup: RegistrySetup;
beforeAll(async () => {
  setup = await startRegistry({ count: 1 });
});
afterAll(() => setup[Symbol.asyncDispose]());

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const filled = (path: string): string => path.replace(/:\w+/g, '9b2f1f52-3e7e-4f6e-9a53-0d3f8f6f2c11');
const PATHS = [...Object.values(REGISTRY_PATH), '/', '/v1', '/v2/events', '/v1/events/', '//v1/events'].map(
  filled,
);
const PUBLIC_KEY = filled(REGISTRY_PATH.stationKey);
/** Bodies as nobody sends them who means well. */
const BODIES = [
  ['application/json', ''],
  ['application/json', '{'],
  ['application/json', 'null'],
  ['application/json', '[]'],
  ['application/json', '{"__proto__":{"isAdmin":true}}'],
  ['application/json', '{"constructor":{"prototype":{}}}'],
  ['application/json', '{"events":{"length":1e9}}'],
  ['application/json', JSON.stringify({ events: Array.from({ length: 1001 }, () => 1) })],
  [
    'application/json',
    JSON.stringify({ requestId: '\ud83d', productId: "'; DROP TABLE devices; --", count: 1e9 }),
  ],
  ['text/plain', 'hello'],
  ['application/octet-stream', '\u0000'],
] as const;

async function ask(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const init = { method, headers, ...(body === undefined || method === 'GET' ? {} : { body }) };
  const response = await fetch(setup.registry.http + path, init);
  return { status: response.status, text: await response.text() };
}

describe('every route', () => {
  it('except the health check and public keys requires the token and the name of a station', async () => {
    const { enrolmentToken } = setup.registry;
    const station = { [STATION_HEADER]: 'S1' };
    for (const path of PATHS) {
      for (const method of METHODS) {
        if (path === REGISTRY_PATH.health && method === 'GET') continue;
        // Public keys are for everybody who got a signed document.
        if (path === PUBLIC_KEY && method === 'GET') {
          expect((await ask(method, path, {})).status).toBe(400);
          continue;
        }
        const what = `${method} ${path}`;
        const health = path === REGISTRY_PATH.health;
        expect((await ask(method, path, station)).status, what).toBe(401);
        expect((await ask(method, path, { ...station, authorization: 'Bearer x' })).status, what).toBe(401);
        expect((await ask(method, path, { ...station, authorization: enrolmentToken })).status, what).toBe(
          401,
        );
        const nameless = await ask(method, path, { authorization: `Bearer ${enrolmentToken}` });
        expect([400, 401], what).toContain(nameless.status);
        expect(nameless.text, what).not.toContain(enrolmentToken);
        if (health) expect(nameless.status).toBe(400);
      }
    }
  });

  it('answers any request with a fault of the closed list, without internal details', async () => {
    const headers = { [STATION_HEADER]: 'S1', authorization: `Bearer ${setup.registry.enrolmentToken}` };
    for (const path of PATHS) {
      for (const method of ['POST', 'PUT']) {
        for (const [type, body] of BODIES) {
          const { status, text } = await ask(method, path, { ...headers, 'content-type': type }, body);
          const what = `${method} ${path} ${type} ${body.slice(0, 40)}: ${status} ${text.slice(0, 200)}`;
          expect(status, what).toBeGreaterThanOrEqual(400);
          expect(status, what).toBeLessThan(500);
          expect(registryError.safeParse(JSON.parse(text)).error, what).toBeUndefined();
          expect(text, what).not.toMatch(/\.ts|\.js|node_modules|SQLITE|\n\s+at /);
        }
      }
    }
    expect(setup.tap.entries.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
