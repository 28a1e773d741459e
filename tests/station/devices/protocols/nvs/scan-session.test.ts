import { expect, test } from 'vitest';
import { buildNvsPartition, nvsString, type NvsContent } from '#shared/codec/nvs/index.ts';
import { type NvsIdentity } from '#shared/recipe/index.ts';
import { SecretMask } from '../../../../../station/core/secret-mask/index.ts';
import { openScan } from '../../../../../station/devices/protocols/nvs/index.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { manualClock } from '../../../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { FlashFake, NO_PORT, partitionTable } from './flash-fake.ts';

const TABLE = partitionTable([
  [1, 2, 0x9000, 0x4000, 'nvs'],
  [0, 0, 0x10000, 0x100000, 'factory'],
  [1, 2, 0x110000, 0x4000, 'fctry'],
]);

function unit(
  partitions: Record<number, readonly (readonly [namespace: string, key: string, text: string])[]>,
): FlashFake {
  const flash = new FlashFake(0x20_0000);
  flash.bytes.set(TABLE, 0x8000);
  for (const [offset, values] of Object.entries(partitions)) {
    const names = [...new Set(values.map(([namespace]) => namespace))];
    const content: NvsContent = {
      format: 2,
      namespaces: names.map((name, at) => ({ name, index: at + 1 })),
      items: values.map(([namespace, key, text]) => ({
        namespace: names.indexOf(namespace) + 1,
        key,
        value: nvsString(text),
      })),
    };
    flash.bytes.set(buildNvsPartition(content, 0x4000), Number(offset));
  }
  return flash;
}

function scanOf(flash: FlashFake, known: readonly NvsIdentity[] = []): ReturnType<typeof openScan> {
  return openScan(NO_PORT, {
    chip: 'auto',
    baudRate: 460_800,
    portBaudRate: 115_200,
    tableOffset: 0x8000,
    clock: manualClock(),
    mask: new SecretMask(),
    visitFlash: flash.visit,
    known,
  });
}

const KNOWN: NvsIdentity = {
  chip: 'esp32c3',
  partition: 'fctry',
  namespace: 'a',
  productId: 'x1',
  deviceName: 'x2',
  deviceSecret: 'x3',
  as: 'string',
  baudRate: 460_800,
  tableOffset: 0x8000,
};

test.each([
  ['snake case', 'product_id', 'device_name', 'device_secret'],
  ['camel case', 'ProductId', 'deviceName', 'deviceSecret'],
  ['the names of other clouds', 'productKey', 'DeviceName', 'devicePsk'],
])(
  'an identity is found by usual names of its keys: %s',
  async (_what, productId, deviceName, deviceSecret) => {
    const flash = unit({
      0x9000: [['nvs.net80211', 'sta.ssid', 'shop']],
      0x110000: [
        ['cloud', productId, 'CS0SLTKSYA'],
        ['cloud', deviceName, 'dev1'],
        ['cloud', deviceSecret, 's'],
      ],
    });
    expect(await scanOf(flash).readIdentity(null, NEVER_ABORTED)).toEqual({
      kind: 'holds',
      name: { productId: 'CS0SLTKSYA', deviceName: 'dev1' },
      secretMatches: null,
    });
  },
);

test('the places of known recipes come first', async () => {
  const flash = unit({
    0x110000: [
      ['cloud', 'product_id', 'OTHER'],
      ['cloud', 'device_name', 'other'],
      ['cloud', 'device_secret', 's'],
      ['a', 'x1', 'CS0SLTKSYA'],
      ['a', 'x2', 'dev1'],
      ['a', 'x3', 'secret'],
    ],
  });
  const expected = { productId: 'CS0SLTKSYA', deviceName: 'dev1', deviceSecret: 'secret' };
  expect(await scanOf(flash, [KNOWN]).readIdentity(expected, NEVER_ABORTED)).toMatchObject({
    name: { deviceName: 'dev1' },
    secretMatches: true,
  });
});

test('a unit without an identity holds none, and an erased one too', async () => {
  expect(
    await scanOf(unit({ 0x9000: [['a', 'x1', 'only']] }), [KNOWN]).readIdentity(null, NEVER_ABORTED),
  ).toEqual({
    kind: 'none',
  });
  const erased = new FlashFake(0x20_0000);
  expect(await scanOf(erased).readIdentity(null, NEVER_ABORTED)).toEqual({ kind: 'none' });
});

test('an encrypted partition is said only when no other one has an identity', async () => {
  const flash = unit({
    0x9000: [
      ['cloud', 'pid', 'CS0SLTKSYA'],
      ['cloud', 'dn', 'dev1'],
      ['cloud', 'psk', 's'],
    ],
  });
  flash.bytes.set(
    partitionTable([
      [1, 2, 0x110000, 0x4000, 'fctry', 1],
      [1, 2, 0x9000, 0x4000, 'nvs'],
    ]),
    0x8000,
  );
  expect(await scanOf(flash).readIdentity(null, NEVER_ABORTED)).toMatchObject({ kind: 'holds' });
  flash.bytes.fill(0xff, 0x9000, 0xd000);
  expect(await faultOf(() => scanOf(flash).readIdentity(null, NEVER_ABORTED))).toMatchObject({
    code: 'flash-unreadable',
    details: { because: 'encrypted' },
  });
});

test('nothing is written without the recipe', async () => {
  const flash = unit({});
  const scan = scanOf(flash);
  const triple = { productId: 'P', deviceName: 'd', deviceSecret: 's' };
  for (const write of [
    () => scan.prepareWrite(NEVER_ABORTED),
    () => scan.writeIdentity(triple, NEVER_ABORTED),
    () => scan.eraseIdentity(NEVER_ABORTED),
    () => scan.checkWritable(triple),
  ])
    expect(await faultOf(write)).toMatchObject({ code: 'recipe-invalid' });
  expect(flash.visits).toBe(0);
});
