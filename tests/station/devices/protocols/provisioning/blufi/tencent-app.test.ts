import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BlufiKind } from '../../../../../../simulator/parts/blufi/index.ts';
import {
  type BlufiApp,
  loadTencentApp,
  PhoneBluetooth,
  unitInApp,
} from '../../../../../support/tencent-app/index.ts';
import { GIVEN, UnitOnLink } from './unit-on-link.ts';

/*
 * Tencent's own app as the phone: package qcloud-iotexplorer-appdev-plugin-wificonf-blecombo 3.0.118, BleComboEsp. It has no
 * encryption, and writes a zero byte behind a frame without data.
 */

const { Blufi } = loadTencentApp();
const SERVICE = '0000FFFF-0000-1000-8000-00805F9B34FB';
const uuidOf = (short: string): string => `0000${short}-0000-1000-8000-00805F9B34FB`;
/** How the app names a token, also where it is sent as custom data. */
const TOKEN = { mode: 1, subType: 0x05 } as const;

function connectedTo(kind: BlufiKind): { readonly unit: UnitOnLink; readonly app: BlufiApp } {
  const unit = new UnitOnLink(kind, { mtu: 247 });
  onTestFinished(() => unit[Symbol.dispose]());
  const characteristics = [
    { uuid: uuidOf('FF01'), notifies: false },
    { uuid: uuidOf('FF02'), notifies: true },
  ];
  const bluetooth = new PhoneBluetooth(() => unit.connection, SERVICE, characteristics);
  return { unit, app: unitInApp(Blufi, bluetooth, { productId: 'BLECOMBO', extendInfo: {} }) };
}

beforeAll(() => {
  for (const say of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, say).mockImplementation(() => undefined);
});

describe('a simulated unit with a dialect of Tencent and the app of Tencent', () => {
  it.each([
    ['tencent-combo', 1, { status: 0, productID: 'CS0SLTKSYA', deviceName: 'dev1' }],
    ['tencent-llsync7', 2, { status: 0, productId: 'CS0SLTKSYA', deviceName: 'dev1' }],
  ] as const)('%s joins and tells the state of its binding', async (kind, version, answer) => {
    const { unit, app } = connectedTo(kind);
    await app.connectDevice();
    expect(app.version).toBe(version);
    await app.sendSwitchWiFi();
    await app.sendSsid(GIVEN.ssid);
    await app.sendPassword(GIVEN.password);
    const ssid = await app.getWifiConnectState();
    expect(ssid.join('').toLowerCase()).toBe(Buffer.from(GIVEN.ssid).toString('hex'));
    expect(await app.getCustomData({ ...TOKEN, data: GIVEN.token })).toEqual(answer);
    expect(unit.reported).toEqual([GIVEN.token]);
    expect(unit.said.filter((value) => value.startsWith('<49'))).toEqual([]);
  });

  it('is not understood by firmware of ESP-IDF 5.1 and later, which looks at the length', async () => {
    const { unit, app } = connectedTo('blufi');
    void app.connectDevice();
    await expect.poll(() => unit.said).toEqual(['>1c00000000', '<4904000109']);
  });
});
