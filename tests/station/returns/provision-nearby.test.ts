import { expect, it } from 'vitest';
import { accessPoint } from '../../../simulator/air/index.ts';
import { startStation } from '../../kit/station.ts';
import { PRODUCT } from '../../kit/sample-rows.ts';
import { simulated } from '../../kit/units.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';
import { filesBelow } from '../../support/files-below.ts';

const PASSWORD = 'gongwei-line';
const BY = { user: 'Li', role: 'engineer' } as const;
const RECIPE = `gongwei: recipe/1
name: near
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
`;

it('a unit near is provisioned from the returns desk and unbound again; one without an identity, and a wrong password, are refused', async () => {
  await using setup = await startStation({
    units: simulated(2, { profile: 'blufi', ble: true }),
    registry: 'real',
    recipe: RECIPE,
  });
  const { station } = setup;
  station.networks.set({ name: 'line', ssid: 'GW-LINE', password: PASSWORD }, BY);
  station.networks.set({ name: 'wrong', ssid: 'GW-LINE', password: 'another-one' }, BY);
  const result = await setup.run(1);
  expect(result.failure).toBeNull();
  const [own = '', other = ''] = setup.units.macs;
  const provision = (address: string, network = 'line', method = 'blufi') =>
    station.returns.provisionNearby(
      { address, method, network, networks: station.networks },
      BY,
      NEVER_ABORTED,
    );

  await expect(provision(other)).rejects.toMatchObject({ code: 'not-found' });
  await expect(provision(own, 'line', 'smoke')).rejects.toMatchObject({ code: 'bad-input' });
  await expect(provision(own, 'wrong')).rejects.toMatchObject({ code: 'provisioning-refused' });
  const done = await provision(own);
  expect(done.secondsToOnline).toBeGreaterThan(0);
  const actions = station.database.audit.listOfSubject(setup.units.chipOf(1)).map(({ action }) => action);
  expect(actions).toContain('returns.provision');

  await setup.close();
  expectNowhere(setup.dataDir, [PASSWORD]);
});

it('a unit that says the password in its log, cut in slices, shows it neither to the desk nor in the recording', async () => {
  await using setup = await startStation({
    units: simulated(1, {
      profile: 'llsync',
      ble: true,
      wifi: [accessPoint.parse({ ssid: '产线qhWxYvKp3Zt9Ngw', password: PASSWORD })],
      faults: { units: { 1: [{ fault: 'ble-mtu', bytes: 23 }] } },
    }),
    registry: 'real',
    recipe: RECIPE,
  });
  const { station } = setup;
  const wrong = 'Zq7!mVx2#kLp-Q9z7RtW';
  const ssid = '产线qhWxYvKp3Zt9Ngw';
  station.networks.set({ name: 'wrong', ssid, password: wrong }, BY);
  expect((await setup.run(1)).failure).toBeNull();
  const [address = ''] = setup.units.macs;
  const request = { address, method: 'llsync', network: 'wrong', networks: station.networks };
  const fault: unknown = await station.returns
    .provisionNearby(request, BY, NEVER_ABORTED)
    .catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: 'provisioning-refused' });
  expect(String((fault as Error).message)).toContain('wifi: wrong-password');
  for (const secret of [wrong, ssid]) expect(JSON.stringify(fault) + String(fault)).not.toContain(secret);

  await setup.close();
  expectNowhere(setup.dataDir, [...piecesOf(wrong), ...piecesOf(ssid)]);
});

/** All parts of six characters. */
function piecesOf(text: string): readonly string[] {
  return Array.from({ length: text.length - 5 }, (_, at) => text.slice(at, at + 6));
}

function expectNowhere(dataDir: string, secrets: readonly string[]): void {
  for (const [name, bytes] of filesBelow(dataDir)) {
    const text = bytes.toString('latin1');
    for (const secret of secrets)
      for (const form of [secret, Buffer.from(secret).toString('hex')])
        expect([name, form, text.includes(form)]).toEqual([name, form, false]);
    expect([name, /v3_[0-9a-f]{29}/.test(text)]).toEqual([name, false]);
  }
}
