import { join } from 'node:path';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { describe, expect, it } from 'vitest';
import { readFlashRecord } from '#simulator';
import { findRecording, readRecording } from '#station';
import { expectSameAgain } from '../replay/replay-support.ts';
import { connectPeer, loginOf } from '../../../registry/support/mqtt-peer.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { TestRegistry } from '../../../kit/registry.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';
import { startStation } from '../../../kit/station.ts';
import { simulated } from '../../../kit/units.ts';
import { LONG } from '../../../support/depth.ts';
import { filesWith } from '../../../support/files-below.ts';

const RECIPE = moduleRecipe().replace('verb: burn-triple', 'verb: burn-triple, by: registration');
const DECISION = { reason: 'test', approver: 'Wang' };

describe('a unit that registers itself', () => {
  it('gets the secret that was leased with its name, logs in with it over TLS-PSK, and no secret is written', async () => {
    await using registry = await TestRegistry.start(undefined, { psk: true });
    registry.seed(2);
    const productSecret = registry.allowRegistration();
    const { mqtts } = registry.service;
    await using setup = await startStation({
      // The first unit has the legacy request, the second one the current.
      units: (dir, _, gatewayUrl) => simulated(2)(dir, mqtts ?? undefined, gatewayUrl),
      sharedRegistry: registry,
      lease: 2,
      triples: 2,
      recipe: RECIPE,
    });
    const results = await Promise.all([setup.run(1, 'SN000001'), setup.run(2, 'SN000002')]);
    expect(results).toMatchObject([{ outcome: 'PASS' }, { outcome: 'PASS' }]);
    expect(new Set(results.map(({ deviceName }) => deviceName)).size).toBe(2);
    expect(registry.store.registration(PRODUCT)).toMatchObject({ registered: 2 });
    for (const [at, { deviceName }] of results.entries()) {
      const held = readFlashRecord(join(setup.dir, 'units'), setup.units.macs[at] ?? '');
      expect(held?.identity).toMatchObject({
        deviceName,
        secretSha256: sha256Hex(registry.secrets.get(deviceName ?? '') ?? ''),
      });
    }
    const recordings = results.map(({ runId }) => {
      const { entries } = readRecording(findRecording(setup.dataDir, runId));
      return [...entries.values()]
        .flatMap((entry) => Object.values(entry) as unknown[])
        .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
        .join('\n');
    });
    for (const [at, result] of results.entries()) {
      expect(recordings[at]).toMatch(/AT\+TCPRDINFOSET=1,"\w+","\*+"/);
      await expectSameAgain(setup.dataDir, result, 1);
    }
    await setup.close();
    for (const secret of [productSecret, ...registry.secrets.values()]) {
      expect(recordings.join()).not.toContain(secret);
      expect(filesWith(setup.dataDir, secret)).toEqual([]);
      expect(filesWith(registry.dataDir, secret)).toEqual([]);
    }
  });

  it.runIf(LONG)('reaches a registry with TLS without TLS, where that is allowed', async () => {
    const tls = { tls: 'own', deviceHttpPort: 0, plainRegistration: true } as const;
    await using registry = await TestRegistry.start(undefined, tls);
    registry.seed(2);
    registry.allowRegistration();
    const { mqtts, deviceHttp } = registry.service;
    expect(deviceHttp).toMatch(/^http:/);
    await using setup = await startStation({
      units: (dir) => simulated(2)(dir, mqtts ?? undefined, deviceHttp ?? undefined),
      sharedRegistry: registry,
      lease: 2,
      triples: 2,
      recipe: RECIPE,
    });
    const results = await Promise.all([setup.run(1, 'SN000001'), setup.run(2, 'SN000002')]);
    expect(results).toMatchObject([{ outcome: 'PASS' }, { outcome: 'PASS' }]);
    expect(registry.store.registration(PRODUCT)).toMatchObject({ registered: 2 });
  });

  it.each([
    ['switched off', 'off', 'not-configured', /switched off/, null],
    ['refused by another registry', 'secret', 'device-rejected', /could not register.*1010/, 'in-doubt'],
    ['active already', 'active', 'device-rejected', /could not register.*1021/, 'in-doubt'],
  ])('fails when its registration is %s, and is told what to do', async (_, how, code, message, state) => {
    await using other = await TestRegistry.start();
    other.seed(1);
    other.allowRegistration();
    await using setup = await startStation({
      units: (dir, mqttUrl, gatewayUrl) =>
        simulated(1)(dir, mqttUrl, how === 'secret' ? other.service.http : gatewayUrl),
      registry: 'real',
      recipe: RECIPE,
    });
    const { registry } = setup;
    registry.allowRegistration();
    if (how === 'off') registry.store.setRegisterType(PRODUCT, { registerType: 0, createLimit: 0 }, DECISION);
    if (how === 'active') {
      const login = loginOf(PRODUCT, 'dev1', registry.secrets.get('dev1') ?? '');
      await using peer = await connectPeer(Number(new URL(registry.service.mqtt).port), login);
      void peer;
    }
    const result = await setup.run(1, 'SN000001');
    expect(result.failure).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(setup.stateOf(1)).toBe(state);
    if (how !== 'active') return;
    registry.store.reopenRegistration({ productId: PRODUCT, deviceName: 'dev1' }, DECISION);
    expect(await setup.run(1, 'SN000001')).toMatchObject({ outcome: 'PASS', deviceName: 'dev1' });
  });
});
