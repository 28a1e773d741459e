import { expect, it } from 'vitest';
import { contract } from '#shared/contract/index.ts';
import { connect, createInMemoryTransports, Session } from '#shared/rpc/index.ts';
import { PRODUCT } from '../../kit/sample-rows.ts';
import { startStation } from '../../kit/station.ts';
import { simulated } from '../../kit/units.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { until } from '../../support/until.ts';

const RECIPE = `gongwei: recipe/1
name: near
version: 1.0.0
title: { zh-CN: 蓝牙, en: Bluetooth }
product: ${PRODUCT}
serialNumber: { pattern: 'SN\\d{6}', example: SN000001, optional: true }
device:
  profile: described
  ble:
    identify: { localName: '^Unit_(?<mac>[0-9A-F]{12})$', marginDb: 0, listenMs: 100 }
  identity:
    write:
      - { service: FFE0, write: FFE1, text: '{productId}' }
      - { service: FFE0, write: FFE2, text: '{deviceName}' }
      - { service: FFE0, write: FFE3, text: '{deviceSecret}' }
      - { service: FFE0, write: FFE4, send: '01', notify: FFE5, expect: '^0100$' }
    read: [{ service: FFE0, characteristic: FFE6, expect: '^(?<productId>\\S+) (?<deviceName>\\S+)$', none: '^-$' }]
    erase: [{ service: FFE0, write: FFE4, send: '02', notify: FFE5, expect: '^0200$' }]
    limits: { productId: 16, deviceName: 48, deviceSecret: 44 }
    unproven: true
phases:
  - name: burn
    steps:
      - { verb: identify }
      - { verb: burn-triple }
      - { verb: prompt, kind: confirm, ask: { zh-CN: 好, en: Ready } }
`;

it('the identity of a unit near is read, kept, reissued and retired as on a slot; never that of a neighbour, and not in a test', async () => {
  await using setup = await startStation({
    units: simulated(2, { profile: 'described-gatt', ble: true, portless: 1 }),
    registry: 'real',
    triples: 4,
    recipe: RECIPE,
  });
  const { station, units } = setup;
  const [address = '', neighbour = ''] = units.macs;
  const [here, there] = createInMemoryTransports();
  station.serve(there, new Session({ role: 'support', user: 'Wang' }));
  const page = connect(contract, here);
  const long = { timeoutMs: PATIENCE_MS };
  const read = (of: string) => page.call('returns.read', { address: of }, long);
  const act = (action: 'keep' | 'reissue' | 'retire', of = address) =>
    page.call('returns.act', { address: of, action, reason: 'came back', approver: 'Li' }, long);
  const heldBy = async (of: string): Promise<string | null> =>
    (await read(of)).reading?.holds?.deviceName ?? null;

  // Without an identity: only a new one is possible.
  expect(await read(address)).toMatchObject({ verdict: 'unknown', actions: ['reissue'], bound: null });
  const fresh = await act('reissue');
  const first = fresh.bound?.deviceName;
  expect(fresh).toMatchObject({ verdict: 'known', reading: { holds: { deviceName: first } } });
  expect(await heldBy(neighbour)).toBeNull();
  expect((await act('keep')).bound?.deviceName).toBe(first);
  const second = (await act('reissue')).bound?.deviceName;
  expect(second).not.toBe(first);
  expect(await heldBy(address)).toBe(second);

  // In a test it belongs to its slot.
  const running = setup.run(1, null);
  const prompt = () => station.slots.state.slots[0]?.run?.prompt ?? undefined;
  const asked = await until(prompt, 'the question of the run');
  const tested = [address, neighbour].find(
    (of) => station.slots.state.slots[0]?.run?.chipId === of.replaceAll(':', ''),
  );
  await expect(read(tested ?? '')).rejects.toMatchObject({ code: 'ble-unseen' });
  station.prompts.answer(1, asked.promptId, 'ok');
  expect((await running).outcome).toBe('PASS');

  const retired = await act('retire');
  expect(retired).toMatchObject({ bound: null, reading: { holds: null } });
  expect(await heldBy(address)).toBeNull();
  const decided = [...station.database.audit.iterate()]
    .filter(({ action }) => action.startsWith('returns.'))
    .map(({ action }) => action);
  expect(decided).toEqual(['returns.reissue', 'returns.keep', 'returns.reissue', 'returns.retire']);
  page.close();
});

it('one place is named, firmware needs a slot, and a unit that no recipe identifies over Bluetooth is refused in one line', async () => {
  await using setup = await startStation({
    units: simulated(1, { profile: 'ble-thermometer', ble: true, portless: 1 }),
    recipe: RECIPE,
  });
  const [address = ''] = setup.units.macs;
  const [here, there] = createInMemoryTransports();
  setup.station.serve(there, new Session({ role: 'support', user: 'Wang' }));
  const page = connect(contract, here);
  const refused = { code: 'bad-input' };
  await expect(page.call('returns.read', { address, slot: 1 })).rejects.toMatchObject(refused);
  await expect(page.call('returns.read', {})).rejects.toMatchObject(refused);
  const keep = { action: 'keep', reason: 'came back', approver: 'Li', firmwareId: 'abcdef' } as const;
  await expect(page.call('returns.act', { ...keep, address })).rejects.toMatchObject(refused);
  await expect(page.call('returns.read', { address })).rejects.toMatchObject({
    ...refused,
    message: `no recipe of a batch identifies ${address} over Bluetooth`,
  });
  page.close();
});
