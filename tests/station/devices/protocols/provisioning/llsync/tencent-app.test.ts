import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { LlsyncDevice } from '../../../../../../station/devices/protocols/index.ts';
import { NEVER_ABORTED } from '../../../../../support/never-aborted.ts';
import {
  AppCloud,
  type AppModel,
  type LlsyncApp,
  loadTencentApp,
  PhoneBluetooth,
  unitInApp,
} from '../../../../../support/tencent-app/index.ts';
import { GIVEN, IDENTITY, keysOf, UnitOnLink, type UnitOptions } from './unit-on-link.ts';

/*
 * Tencent's own app as the central: packages qcloud-iotexplorer-bluetooth-adapter-llsync 1.9.5 and
 * qcloud-iotexplorer-appdev-plugin-wificonf-blecombo 3.0.118 with qcloud-iotexplorer-common-libs 3.0.115.
 */

const { Llsync, Provisioning } = loadTencentApp();
const SLICE_BYTES = 20;
const LAMP = '灯'.repeat(20);

const int = { type: 'int', min: '0', max: '255', start: '0', step: '1', unit: '' };
const float = { type: 'float', min: '-40', max: '100', start: '0', step: '0.1', unit: '' };
const bool = { type: 'bool', mapping: { 0: 'off', 1: 'on' } };
/** The model of the simulated unit: the place is the id. */
const MODEL: AppModel = {
  properties: [
    { id: 'power', define: bool },
    { id: 'brightness', define: int },
    { id: 'label', define: { type: 'string', min: '0', max: '64' } },
    { id: 'temperature', define: float },
    { id: 'mode', define: { type: 'enum', mapping: { 0: 'a', 1: 'b', 2: 'c', 3: 'd' } } },
    { id: 'booted', define: { type: 'timestamp' } },
    {
      id: 'colour',
      define: { type: 'struct', specs: ['red', 'green', 'blue'].map((id) => ({ id, dataType: int })) },
    },
  ],
  events: [
    {
      id: 'switched',
      params: [
        { id: 'state', define: bool },
        { id: 'temperature', define: float },
      ],
    },
  ],
  actions: [
    {
      id: 'blink',
      input: [{ id: 'times', define: int }],
      output: [
        { id: 'brightness', define: int },
        { id: 'times', define: int },
      ],
    },
  ],
};
const DATA = { power: 1, brightness: 42, label: LAMP, mode: 2, colour: { red: 7, green: 8, blue: 9 } };

interface Phone {
  readonly unit: UnitOnLink;
  readonly cloud: AppCloud;
  readonly bluetooth: PhoneBluetooth;
}

function phone(kind: 'FFE0' | 'FFF0', options: UnitOptions = {}): Phone {
  const unit = new UnitOnLink(kind, options);
  onTestFinished(() => unit[Symbol.dispose]());
  const characteristics = ['ffe1', 'ffe2', 'ffe3', 'ffe4'].map((short) => ({
    uuid: uuidOf(short),
    notifies: short === 'ffe3',
  }));
  const bluetooth = new PhoneBluetooth(() => unit.connect().connection, uuidOf(kind), characteristics);
  return { unit, bluetooth, cloud: new AppCloud(IDENTITY.productId, MODEL) };
}

const uuidOf = (short: string): string => `0000${short.toUpperCase()}-65D0-4E20-B56A-E493541BA4E2`;

/** The advertisement of the unit as a phone has it. */
function advertisement(unit: UnitOnLink): Parameters<typeof Llsync.deviceFilter>[0] {
  const { services, manufacturer } = unit.unit.advertised();
  const data = Buffer.concat([Buffer.from('e7fe', 'hex'), manufacturer?.data ?? Buffer.alloc(0)]);
  return {
    deviceId: 'AA:BB:CC:DD:01:02',
    name: 'Unit',
    advertisServiceUUIDs: services?.map((short) => `0000${short}-0000-1000-8000-00805F9B34FB`) ?? [],
    advertisData: Uint8Array.from(data).buffer,
  };
}

/** The app has found the unit and is connected to it. */
async function connectedApp({ unit, bluetooth, cloud }: Phone): Promise<LlsyncApp> {
  Llsync.injectOptions({ appDevSdk: cloud });
  const found = Llsync.deviceFilter(advertisement(unit), {});
  if (found === null) throw new Error('the app does not find the unit');
  const app = unitInApp(Llsync, bluetooth, found);
  await app.connectDevice();
  return app;
}

const PLACE = { familyId: 'f_1', roomId: 'r_1' };
const DEVICE = { deviceName: IDENTITY.deviceName };

/** Messages of a list of values: slices are joined, and the length is left out. */
function messagesOf(values: readonly string[]): string[] {
  const messages: string[] = [];
  for (const value of values) {
    const [characteristic = '', hex = ''] = value.split(' ');
    const bytes = Buffer.from(hex, 'hex');
    const flags = bytes.length > 3 ? bytes.readUInt8(1) & 0xc0 : 0;
    const content = bytes.subarray(3).toString('hex');
    if (flags === 0x80 || flags === 0xc0) messages.push(`${messages.pop() ?? ''}${content}`);
    else if (bytes.length > 3) messages.push(`${characteristic} ${hex.slice(0, 2)} ${content}`);
    else messages.push(value);
  }
  return messages;
}

const bodyOf = (messages: readonly string[], head: string): Buffer =>
  Buffer.from(messages.find((message) => message.startsWith(head))?.slice(head.length + 1) ?? '', 'hex');

beforeAll(() => {
  // The app writes all that it does, also secrets.
  for (const say of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, say).mockImplementation(() => undefined);
});

describe('a simulated unit with LLSync and the app of Tencent', () => {
  it('is found, bound, controlled and unbound; the station writes the same values', async () => {
    const of = phone('FFE0');
    const app = await connectedApp(of);
    expect(await app.bindDevice(PLACE)).toBe('ABCDEFGHIJ/Dev01');
    expect(of.cloud.last('AppSigBindDeviceInFamily')).toMatchObject({
      DeviceId: 'ABCDEFGHIJ/Dev01',
      SignMethod: 'hmacsha1',
    });
    await expect.poll(() => Llsync.deviceFilter(advertisement(of.unit), {})).toBeNull();
    expect(
      Llsync.deviceFilter(advertisement(of.unit), { productId: 'ABCDEFGHIJ', ...DEVICE }),
    ).not.toBeNull();

    await app.authenticateConnection(DEVICE);
    expect(app.otaVersion).toBe('1.0.0');
    await app.controlDevice({ deviceData: DATA });
    await expect
      .poll(() => of.cloud.last('AppReportDeviceEvent'))
      .toMatchObject({
        EventId: 'switched',
        Params: JSON.stringify({ state: 1, temperature: 21.5 }),
      });
    expect(JSON.parse(String(of.cloud.last('AppReportDataAsDevice')?.['Data']))).toEqual(DATA);
    await app.controlAction({ actionData: { actionId: 'blink', clientToken: 'c', params: { times: 3 } } });
    expect(JSON.parse(String(of.cloud.last('AppPublishMsgAsDevice')?.['Payload']))).toMatchObject({
      ActionId: 'blink',
      response: { brightness: 42, times: 3 },
    });
    await app.unbindDevice({ familyId: PLACE.familyId, ...DEVICE });
    await expect.poll(() => Llsync.deviceFilter(advertisement(of.unit), {})).not.toBeNull();
    expect(of.cloud.errors).toEqual([]);

    expect(await writtenByStation(messagesOf(of.bluetooth.written))).toEqual(
      messagesOf(of.bluetooth.written.map((value) => value.replace('FFE1 090000', 'FFE1 0900f7'))),
    );
  });

  it('does not bind a unit with another secret as far as the app can tell', async () => {
    const of = phone('FFE0', { secret: Buffer.alloc(16, 1).toString('base64') });
    const app = await connectedApp(of);
    await app.bindDevice(PLACE);
    const other = await connectedAndBound();
    // The app leaves the check to the cloud: only the signature differs.
    const signatures = [of, other].map(({ cloud }) => cloud.last('AppSigBindDeviceInFamily')?.['Signature']);
    expect(new Set(signatures).size).toBe(2);
  });

  it('takes new firmware from the app, in loops of packets', async () => {
    const of = await connectedAndBound();
    const firmware = Uint8Array.from({ length: 9_000 }, (_, at) => at % 251);
    vi.stubGlobal('wx', phoneFiles(firmware));
    onTestFinished(() => void vi.unstubAllGlobals());
    of.cloud.newVersion = '1.0.1';
    await of.app.startOta({ onProgress: () => undefined });
    expect(of.app.otaVersion).toBe('1.0.1');
    const packets = of.bluetooth.written.filter((value) => value.startsWith('FFE4 01'));
    expect(Buffer.concat(packets.map((value) => Buffer.from(value.slice(11), 'hex')))).toEqual(
      Buffer.from(firmware),
    );
  });
});

/** A unit that the app has bound, and is connected to. */
async function connectedAndBound(): Promise<Phone & { readonly app: LlsyncApp }> {
  const of = phone('FFE0');
  const app = await connectedApp(of);
  await app.bindDevice(PLACE);
  await app.authenticateConnection(DEVICE);
  return { ...of, app };
}

/** What WeChat has for files: one that is downloaded is the firmware. */
function phoneFiles(firmware: Uint8Array): object {
  const succeed = <Result>({ success }: { success(result: Result): void }, result: Result): object => {
    queueMicrotask(() => success(result));
    return { onProgressUpdate: () => undefined };
  };
  return {
    downloadFile: (of: { success(result: object): void }) =>
      succeed(of, { statusCode: 200, tempFilePath: 'new.bin' }),
    getFileSystemManager: () => ({
      readFile: (of: { success(result: object): void }) =>
        succeed(of, { data: Uint8Array.from(firmware).buffer }),
    }),
  };
}

/** What the station writes in the same dialogue, with number, times, key and bind id of the app. */
async function writtenByStation(app: readonly string[]): Promise<string[]> {
  using unit = new UnitOnLink('FFE0');
  const begin = bodyOf(app, 'FFE1 00');
  const connect = bodyOf(app, 'FFE1 01');
  const bound = bodyOf(app, 'FFE1 02');
  const times = [begin.readUInt32BE(4), connect.readUInt32BE(0)];
  const written: string[] = [];
  const link = unit.connect();
  const { connection } = link;
  const noted: typeof connection = {
    ...connection,
    write: (service, characteristic, bytes, options) => {
      const short = characteristic.slice(4, 8).toUpperCase();
      written.push(`${short} ${Buffer.from(bytes).toString('hex')}`);
      return connection.write(service, characteristic, bytes, options);
    },
  };
  const keys = {
    ...keysOf(Buffer.from(bound.subarray(1, 5))),
    nowS: () => times.shift() ?? 0,
    bindId: () => Promise.resolve(Buffer.from(bound.subarray(5))),
  };
  const device = await LlsyncDevice.open(
    { ...link, connection: noted },
    { keys, answerMs: 5_000 },
    NEVER_ABORTED,
  );
  await device.bind(begin.readUInt32BE(0), 60_000, NEVER_ABORTED);
  await device.connect(NEVER_ABORTED);
  const colour = [7, 8, 9].map((value, id) => ({ id, type: 'int' as const, value }));
  await device.control(
    [
      { id: 0, type: 'bool', value: true },
      { id: 1, type: 'int', value: 42 },
      { id: 2, type: 'string', value: LAMP },
      { id: 4, type: 'enum', value: 2 },
      { id: 6, type: 'struct', value: colour },
    ],
    NEVER_ABORTED,
  );
  await device.report(0, () => true, 5_000, NEVER_ABORTED);
  await device.event(0, 5_000, NEVER_ABORTED);
  await device.act(0, [{ id: 0, type: 'int', value: 3 }], 5_000, NEVER_ABORTED);
  await device.unbind(NEVER_ABORTED);
  // The app leaves the unit's question for its state unanswered.
  return messagesOf(written.filter((value) => !value.startsWith('FFE2 22')));
}

describe('a simulated unit with the provisioning of LLSync and the app of Tencent', () => {
  it.each([247, 23])('joins and reports its token at an MTU of %i', async (mtu) => {
    const of = phone('FFF0', { mtu });
    Provisioning.injectOptions({ appDevSdk: of.cloud });
    const found = Provisioning.deviceFilter(advertisement(of.unit), {});
    const app = unitInApp(Provisioning, of.bluetooth, found ?? { productId: '', extendInfo: {} });
    await app.connectDevice();
    expect(app.deviceName).toBe('Dev01');
    expect(await app.setWiFiMode()).toBe(true);
    expect(await app.setWiFiInfo(GIVEN)).toBe(true);
    // The app reads the name of the network as bytes of one character each.
    expect(await app.sendConnectWiFiAndGetWiFiConnectState()).toMatchObject({ connected: true });
    expect(await app.sendToken(GIVEN)).toBe(true);
    expect(of.unit.reported).toEqual([GIVEN.token]);
    expect(of.bluetooth.written.every((value) => value.length <= 5 + 2 * (mtu - 3))).toBe(true);
    const ssid = Buffer.from(GIVEN.ssid);
    const [info] = of.bluetooth.written.filter((value) => value.startsWith('FFE1 e2'));
    // The app counts the two names without the bytes of their lengths; the unit does not look at it.
    const length = ssid.length + GIVEN.password.length;
    if (mtu > SLICE_BYTES + 3)
      expect(info?.slice(0, 11)).toBe(`FFE1 e2${Buffer.of(0, length).toString('hex')}`);
  });
});
