import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, createInMemoryTransports, type Role, Session } from '#shared/rpc/index.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';

type CallName = keyof StationContract['calls'];

/** Each setting of the station page that is changed by a call, and the entry of its change. */
const SETTINGS: readonly (readonly [setting: string, call: CallName, input: object, action: string])[] = [
  ['name', 'settings.change', { station: 'L3-09' }, 'settings.station'],
  ['how units start', 'settings.change', { startMode: 'arrival' }, 'settings.start'],
  [
    "recordings' age",
    'settings.change',
    { recordings: { maxAgeDays: 40, maxBytes: 9_000_000_000, keepDays: 4 } },
    'settings.recordings',
  ],
  [
    'sounds, language, appearance',
    'settings.change',
    { pages: { language: 'en', theme: 'dark', sound: false } },
    'settings.pages',
  ],
  ['slot and port', 'ports.assign', { slot: 3, place: 'usb:1-1.3' }, 'settings.slot'],
  ['slot forgotten', 'ports.forget', { slot: 3 }, 'settings.slot'],
  ['Bluetooth adapter', 'ports.setHardware', { ble: 'hci', board: null }, 'settings.hardware'],
  ['relay board', 'ports.setHardware', { ble: 'hci', board: 'usb:1-1.5' }, 'settings.hardware'],
  [
    'label printer',
    'printer.set',
    {
      setting: {
        place: 'tcp://10.0.0.9:9100',
        language: 'tspl',
        dpi: 300,
        widthMm: 40,
        heightMm: 30,
        gapMm: 2,
        baudRate: 9600,
      },
    },
    'settings.printer',
  ],
  ['program added', 'tools.add', { name: 'sh', path: '/bin/sh' }, 'settings.tool'],
  ['program removed', 'tools.remove', { name: 'sh' }, 'settings.tool'],
  [
    'instruments',
    'instruments.set',
    { instruments: [{ name: 'psu', address: 'tcp://10.0.0.8:5025', onRelease: 'OUTP OFF' }] },
    'settings.instruments',
  ],
  ['Wi-Fi network', 'networks.set', { name: 'line', ssid: 'L3', password: '12345678' }, 'settings.network'],
  ['Wi-Fi network removed', 'networks.remove', { name: 'line' }, 'settings.network-remove'],
  [
    'Bluetooth quota',
    'quotas.set',
    { productId: 'GWBLE00001', kind: 'free', limit: 10, untilMs: null, others: 0 },
    'settings.quota',
  ],
  ['Bluetooth quota removed', 'quotas.remove', { productId: 'GWBLE00001' }, 'settings.quota-remove'],
  ['source of updates', 'updates.setSource', { source: 'https://updates.example/' }, 'settings.updates'],
  ['backup', 'backups.make', {}, 'backup.make'],
];

describe('each setting of the station page', () => {
  let setup: TestStation;
  const clients = new Map<Role, Client<StationContract>>();
  beforeAll(async () => {
    setup = await startStation();
    for (const role of ['operator', 'support', 'engineer'] as const) {
      const [here, there] = createInMemoryTransports();
      setup.station.serve(there, new Session({ role, user: `${role} Li` }));
      clients.set(role, connect(contract, here));
    }
  });
  afterAll(() => setup[Symbol.asyncDispose]());

  const ask = (role: Role, call: CallName, input: object): Promise<unknown> | undefined =>
    clients.get(role)?.call(call, input as never);
  const entriesSince = (seq: number): string[] =>
    [...setup.station.database.audit.iterate()]
      .filter((entry) => entry.seq > seq)
      .map(({ actor, action }) => `${actor}: ${action}`);

  test.each(SETTINGS)(
    '%s is refused to all but an engineer, whose change is in the trail',
    async (_, call, input, action) => {
      const before = setup.station.database.audit.findLast()?.seq ?? 0;
      for (const role of ['operator', 'support'] as const)
        await expect(ask(role, call, input)).rejects.toMatchObject({ code: 'forbidden' });
      expect(entriesSince(before)).toEqual([]);
      await ask('engineer', call, input);
      expect(entriesSince(before)).toEqual([`engineer Li: ${action}`]);
    },
  );

  test('is stored: what is read again is what was set', async () => {
    const settings = (await ask('engineer', 'settings.get', {})) as Record<string, unknown>;
    expect(settings).toMatchObject({
      station: 'L3-09',
      startMode: 'arrival',
      recordings: { maxAgeDays: 40, keepDays: 4 },
      pages: { sound: false, theme: 'dark' },
    });
    expect(await ask('engineer', 'ports.list', {})).toMatchObject({
      hardware: { ble: 'hci', board: 'usb:1-1.5' },
      needsReopening: true,
    });
    expect(await ask('engineer', 'printer.get', {})).toMatchObject({
      setting: { language: 'tspl', dpi: 300 },
    });
  });
});
