import { join } from 'node:path';
import mqtt from 'mqtt';
import { describe, expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import { createNodePlatform, examine } from '#station';
import { invoke } from '../../../kit/in-process.ts';
import type { RefusalsReply } from '#shared/registry-api/index.ts';
import type { RegistryClient } from '#station';
import { checkRegistry } from '../../../../station/administration/diagnostics/check-environment.ts';
import type { WritableDatabase } from '../../../../station/core/database/index.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { soon } from '../../../support/patience.ts';
import { startStation } from '../../../kit/station.ts';
import { simulated, serialOf } from '../../../kit/units.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';

/** A login with a password that is of no secret; resolves when the broker has refused it. */
async function logInWrongly(url: string, deviceName: string): Promise<void> {
  const clientId = PRODUCT + deviceName;
  const username = `${clientId};12010126;ZR5GT;4000000000`;
  const client = mqtt.connect(url, {
    clientId,
    username,
    password: `${'0'.repeat(64)};hmacsha256`,
    reconnectPeriod: 0,
  });
  await new Promise<void>((resolve) => void client.once('error', () => resolve()));
  await client.endAsync(true);
}

describe('a device that the registry refuses', () => {
  it('is seen on the timeline of its unit, at "unit show" and by the doctor', async () => {
    await using setup = await startStation({ units: simulated(1), registry: 'real', recipe: moduleRecipe() });
    const { deviceName } = await setup.run(1);
    if (deviceName === null) throw new Error('the unit has no identity');
    await logInWrongly(setup.registry.service.mqtt, deviceName);
    await logInWrongly(setup.registry.service.mqtt, deviceName);
    const { timeline } = await setup.station.returns.find(serialOf(1), soon());
    expect(timeline.filter(({ kind }) => kind === 'refused')).toMatchObject([
      { source: 'registry', deviceName, refusal: { act: 'login', reason: 'password-wrong', count: 2 } },
    ]);
    for (const name of [`${PRODUCT}/${deviceName}`, deviceName]) {
      const found = await setup.station.returns.find(name, soon());
      expect(found).toMatchObject({ serialNumber: serialOf(1), timeline });
    }
    // One that the registry has, and neither this station nor another one.
    {
      using database = openRegistryStore(join(setup.dir, 'registry'));
      const triple = { deviceName: 'other-1', deviceSecret: Buffer.alloc(16, 8).toString('base64') };
      database.seedProduct({ productId: PRODUCT, triples: [triple] });
    }
    for (let n = 0; n < 3; n++) await logInWrongly(setup.registry.service.mqtt, 'other-1');
    const other = await setup.station.returns.find(`${PRODUCT}/other-1`, soon());
    expect(other).toMatchObject({ chipId: null, bound: null, timeline: [{ refusal: { count: 3 } }] });
    const unknown = await faultOf(() => setup.station.returns.find(`${PRODUCT}/nobody`, soon()));
    expect(unknown).toMatchObject({ code: 'not-found' });
    await setup.station.close();
    const shown = await invoke('unit', 'show', serialOf(1), '--data', setup.dataDir);
    expect(shown.stdout).toContain('login: the password is not of this DeviceSecret, 2 times');
    const checks = [];
    const platform = createNodePlatform(setup.dataDir);
    for await (const check of examine(platform, { ports: [], ble: null }, soon())) checks.push(check);
    expect(checks.find(({ name }) => name === 'devices')).toMatchObject({
      level: 'warn',
      message: expect.stringMatching(
        `refused 5 logins and messages .* ${PRODUCT}other-1 at 127.0.0.1: login, the password`,
      ) as string,
      hint: `Look at the unit: "unit show ${PRODUCT}/other-1" has all its refusals.`,
    });
  });
});

describe('what the doctor says of refusals', () => {
  const AT = { address: '10.0.0.9', detail: '', firstAtMs: 1, lastAtMs: 2 };
  const NOBODY = { ...AT, clientId: '', productId: null, deviceName: null, act: 'connection' as const };
  const FLOOD = { ...NOBODY, address: '', reason: 'flood' as const, count: 900 };

  async function said(refusals: RefusalsReply['refusals'], refused: number) {
    const registry = {
      health: () => Promise.resolve({ version: '0', nowMs: Date.now() }),
      audit: { fetch: () => Promise.resolve(null) },
      refusals: () => Promise.resolve({ refusals, refused }),
    } as unknown as RegistryClient;
    const checks = await checkRegistry(registry, {} as WritableDatabase, createNodePlatform('.'), soon());
    return checks.find(({ name }) => name === 'devices');
  }

  it('names no client for a flood, and what connects for a client without a name', async () => {
    expect(await said([FLOOD], 900)).toMatchObject({
      message: 'the registry refused 900 logins and messages in the last 24 h',
      hint: '"registry serve" prints who was refused and why.',
    });
    expect(await said([FLOOD, { ...NOBODY, reason: 'not-mqtt', count: 2 }], 902)).toMatchObject({
      message: expect.stringContaining('most often a client at 10.0.0.9: connection') as string,
      hint: expect.stringContaining('Find out what connects from 10.0.0.9') as string,
    });
    expect(await said([], 0)).toMatchObject({ level: 'ok' });
  });
});
