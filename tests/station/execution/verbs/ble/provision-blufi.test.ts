import { expect, test } from 'vitest';
import type { FaultFile } from '#simulator';
import type { ParsedRecipe } from '#station';
import { accessPoint } from '../../../../../simulator/air/index.ts';
import { sampleRecipe } from '../../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../../kit/station.ts';
import { PRODUCT } from '../../../../kit/sample-rows.ts';
import { simulated } from '../../../../kit/units.ts';
import { LONG } from '../../../../support/depth.ts';
import { expectSameAgain } from '../../replay/replay-support.ts';
import { filesBelow } from '../../../../support/files-below.ts';

const SSID = 'qhWxYv-net';
const PASSWORD = 'Zq7!mVx2#kLp';
/** One of them shows what becomes of fragments and of what is sent in clear. */
const METHODS = LONG ? ['blufi-v2', 'tencent-combo', 'tencent-llsync7'] : ['tencent-combo'];
const BY = { user: 'Li', role: 'engineer' } as const;

const recipe = (step: string): string => `gongwei: recipe/1
name: blufi
version: 1.0.0
title: { zh-CN: 配网, en: Provisioning }
product: ${PRODUCT}
serialNumber: { pattern: 'SN\\d{6}', example: SN000001 }
device:
  profile: described
  serial: { baudRate: 115200 }
  identify: [{ text: 'MAC?', expect: '^MAC (?<mac>[0-9A-F:]{17})$' }]
  identity:
    write: [{ text: 'SETID {productId} {deviceName} {deviceSecret}', expect: '^OK$', withinMs: 3000 }]
    read:
      - { text: 'ID?', expect: '^ID (?<productId>\\S+) (?<deviceName>\\S+) (?<deviceSecretSha256>\\S+)$', none: '^ID -$' }
    erase: [{ text: 'CLRID', expect: '^OK$' }]
phases:
  - name: burn
    steps: [{ verb: identify }, { verb: burn-triple }]
  - name: provision
    steps:
      - { verb: provision-ble, network: line-1, ${step} }
  - name: leave
    kind: teardown
    steps: [{ verb: unbind, connected: false }]
`;

const startWith = async (
  profile: string,
  ofBatch: string | ParsedRecipe,
  count: number,
  faults?: FaultFile,
): Promise<TestStation> => {
  const setup = await startStation({
    units: simulated(count, {
      ...{ profile, ble: true, wifi: [accessPoint.parse({ ssid: SSID, password: PASSWORD })] },
      ...(faults === undefined ? {} : { faults }),
    }),
    registry: 'real',
    recipe: ofBatch,
  });
  setup.station.networks.set({ name: 'line-1', ssid: SSID, password: PASSWORD }, BY);
  return setup;
};

test('four units at once by BluFi: each reports its own token, and is unbound', async () => {
  await using setup = await startWith('blufi', await sampleRecipe('blufi.yaml'), 4, {
    units: {
      2: [{ fault: 'ble-mtu', bytes: 23 }],
      3: [{ fault: 'blufi-answer', at: 'network', does: 'drop', code: 0, times: 1 }],
    },
  });
  const results = await Promise.all([1, 2, 3, 4].map((slot) => setup.run(slot)));
  expect(results.map(({ outcome, failure }) => failure?.message ?? outcome)).toEqual(Array(4).fill('PASS'));
  for (const result of results) expect(setup.values(result)).toMatchObject({ 'wifi-rssi': -48 });
  const [first] = results;
  if (first === undefined) throw new Error('no run');
  await expectSameAgain(setup.dataDir, first, 2);
  await expectNoSecrets(setup);
});

test.each(METHODS)('a unit by %s, fragments and all', async (method) => {
  await using setup = await startWith(method, recipe(`method: ${method}`), 1, {
    units: { 1: [{ fault: 'ble-mtu', bytes: 23 }] },
  });
  const result = await setup.run(1);
  expect(result.failure?.message ?? result.outcome).toBe('PASS');
  await expectSameAgain(setup.dataDir, result, 1);
  await expectNoSecrets(setup);
});

/** All parts of six characters. */
function piecesOf(text: string): readonly string[] {
  return Array.from({ length: text.length - 5 }, (_, at) => text.slice(at, at + 6));
}

/** Neither network nor password, nor the beginning of a token, which both are cut by the headers of frames. */
async function expectNoSecrets(setup: TestStation): Promise<void> {
  await setup.close();
  for (const [name, bytes] of filesBelow(setup.dataDir)) {
    const text = bytes.toString('latin1');
    for (const piece of [...piecesOf(PASSWORD), ...piecesOf(SSID)]) {
      expect([name, text.includes(piece)]).toEqual([name, false]);
      const hex = Buffer.from(piece).toString('hex');
      expect([name, text.includes(hex)]).toEqual([name, false]);
    }
    expect([name, /v3_[0-9a-f]{4}/.test(text)]).toEqual([name, false]);
  }
}
