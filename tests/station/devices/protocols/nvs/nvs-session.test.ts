import { expect, test } from 'vitest';
import { buildNvsPartition, findNvsValue, nvsString, nvsText, readNvs } from '#shared/codec/nvs/index.ts';
import { device } from '#shared/recipe/index.ts';
import { SecretMask } from '../../../../../station/core/secret-mask/index.ts';
import { openNvs } from '../../../../../station/devices/protocols/nvs/index.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { manualClock } from '../../../../support/manual-clock.ts';
import { FlashFake, NO_PORT, partitionTable } from './flash-fake.ts';

const TRIPLE = { productId: 'CS0SLTKSYA', deviceName: 'dev1', deviceSecret: 'IyXmUW5sU/q1vnb5yzTkeQ==' };
const NVS_AT = 0x9000;
const NVS_BYTES = 0x6000;
const TABLE = partitionTable([
  [1, 2, NVS_AT, NVS_BYTES, 'nvs'],
  [0, 0, 0x10000, 0x100000, 'factory'],
  [1, 2, 0x110000, 0x4000, 'locked', 1],
]);

interface Bench {
  readonly mask: SecretMask;
  readonly flash: FlashFake;
  readonly session: ReturnType<typeof openNvs>;
}

function bench(more: Record<string, unknown> = {}, flash = new FlashFake(0x20_0000), table = TABLE): Bench {
  flash.bytes.set(table, 0x8000);
  const { identity } = device.parse({
    profile: 'described',
    region: 'ap-guangzhou',
    identity: {
      nvs: {
        namespace: 'identity',
        productId: 'product_id',
        deviceName: 'device_name',
        deviceSecret: 'secret',
        ...more,
      },
    },
  });
  if (identity?.nvs === undefined) throw new Error('no identity');
  const mask = new SecretMask();
  const session = openNvs(NO_PORT, {
    nvs: identity.nvs,
    region: 'ap-guangzhou',
    portBaudRate: 115_200,
    clock: manualClock(),
    mask,
    visitFlash: flash.visit,
  });
  return { mask, flash, session };
}

const partitionOf = ({ bytes }: FlashFake): Uint8Array => bytes.subarray(NVS_AT, NVS_AT + NVS_BYTES);

function texts(flash: FlashFake, namespace: string): Record<string, string | null> {
  const reading = readNvs(partitionOf(flash));
  if (reading.kind !== 'content') throw new Error(reading.kind);
  const keys = reading.content.items.map(({ key }) => key);
  const found = keys.map((key) => [key, findNvsValue(reading.content, namespace, key)] as const);
  return Object.fromEntries(found.flatMap(([key, value]) => (value === null ? [] : [[key, nvsText(value)]])));
}

test('a triple is written into NVS, read back in full, and erased', async () => {
  const { flash, session } = bench({ region: 'region' });
  expect(await session.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({ kind: 'none' });
  await session.prepareWrite(NEVER_ABORTED);
  expect(flash.writes).toBe(0);
  await session.writeIdentity(TRIPLE, NEVER_ABORTED);
  expect(texts(flash, 'identity')).toEqual({
    product_id: 'CS0SLTKSYA',
    device_name: 'dev1',
    secret: TRIPLE.deviceSecret,
    region: 'ap-guangzhou',
  });
  const name = { productId: 'CS0SLTKSYA', deviceName: 'dev1' };
  expect(await session.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({
    kind: 'holds',
    name,
    secretMatches: true,
  });
  expect(await session.readIdentity({ ...TRIPLE, deviceSecret: 'x' }, NEVER_ABORTED)).toMatchObject({
    secretMatches: false,
  });
  expect(await session.readIdentity(null, NEVER_ABORTED)).toEqual({
    kind: 'holds',
    name,
    secretMatches: null,
  });
  await session.eraseIdentity(NEVER_ABORTED);
  expect(await session.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({ kind: 'none' });
  expect(Buffer.from(flash.bytes).includes(TRIPLE.deviceSecret)).toBe(false);
  expect(texts(flash, 'identity')).toEqual({ region: 'ap-guangzhou' });
});

test.each(['000000000000', 'FFFFFFFFFFFF'])('a chip whose MAC is %s is no unit', async (mac) => {
  const { flash, session } = bench();
  flash.chipId = mac;
  const fault = await faultOf(() => session.identify(NEVER_ABORTED));
  expect(fault).toMatchObject({ code: 'device-garbled', message: expect.stringContaining(mac) });
});

test('the secret of a unit that the station does not know is masked before its application starts', async () => {
  const { flash, session } = bench();
  await session.writeIdentity(TRIPLE, NEVER_ABORTED);
  const { mask, session: other } = bench({}, flash);
  await other.readIdentity(null, NEVER_ABORTED);
  expect(mask.maskText(`secret ${TRIPLE.deviceSecret}`)).toBe('secret ***');
  expect(mask.forms).toEqual([]);
});

test('the unit is identified by the MAC of its chip', async () => {
  const { session } = bench();
  expect(await session.identify(NEVER_ABORTED)).toEqual({
    chipId: 'A2B700000001',
    model: 'ESP32-C3',
    firmwareVersion: null,
    id: { kind: 'mac', text: null },
  });
});

test.each(['identify', 'readIdentity'] as const)(
  'nothing is read from and written into another unit than the one of %s',
  async (first) => {
    const { flash, session } = bench();
    await (first === 'identify'
      ? session.identify(NEVER_ABORTED)
      : session.readIdentity(null, NEVER_ABORTED));
    flash.chipId = 'A2B700000002';
    const exchanged = { code: 'identity-conflict', details: { because: 'unit-exchanged' } };
    for (const work of [
      () => session.readIdentity(TRIPLE, NEVER_ABORTED),
      () => session.writeIdentity(TRIPLE, NEVER_ABORTED),
      () => session.eraseIdentity(NEVER_ABORTED),
    ])
      expect(await faultOf(work)).toMatchObject(exchanged);
    expect(flash.writes).toBe(0);
  },
);

test('other values of the partition stay, also when the power fails at any sector and the triple is written again', async () => {
  const wifi = { namespace: 7, key: 'ssid', value: nvsString('shop floor') };
  const cert = {
    namespace: 7,
    key: 'cert',
    value: { type: 'blob' as const, bytes: new Uint8Array(5000).fill(9), firstPiece: 0 as const },
  };
  const content = { format: 2 as const, namespaces: [{ name: 'wifi', index: 7 }], items: [wifi, cert] };
  for (const cutAtByte of [0, 64, 700, 4095])
    for (let sectors = 0; sectors < 4; sectors++) {
      const { flash, session } = bench();
      partitionOf(flash).set(buildNvsPartition(content, NVS_BYTES));
      flash.sectorsUntilCut = sectors;
      flash.cutAtByte = cutAtByte;
      const fault = await faultOf(() => session.writeIdentity(TRIPLE, NEVER_ABORTED));
      expect(fault.code).toBe('device-silent');
      flash.sectorsUntilCut = null;
      const between = await session.readIdentity(TRIPLE, NEVER_ABORTED);
      if (between.kind === 'holds') expect(between.secretMatches).toBe(true);
      expect(texts(flash, 'wifi')).toMatchObject({ ssid: 'shop floor' });
      await session.writeIdentity(TRIPLE, NEVER_ABORTED);
      expect(await session.readIdentity(TRIPLE, NEVER_ABORTED)).toMatchObject({ secretMatches: true });
      const after = readNvs(partitionOf(flash));
      expect(after).toMatchObject({ damagedPages: 0, damagedEntries: 0 });
      expect(after.kind === 'content' && findNvsValue(after.content, 'wifi', 'cert')).toMatchObject({
        bytes: cert.value.bytes,
      });
    }
});

test('blobs are written without a NUL, and strings of another program are read', async () => {
  const { flash, session } = bench({ as: 'blob' });
  await session.writeIdentity(TRIPLE, NEVER_ABORTED);
  const reading = readNvs(partitionOf(flash));
  expect(reading.kind === 'content' && findNvsValue(reading.content, 'identity', 'secret')).toMatchObject({
    type: 'blob',
    bytes: Uint8Array.from(Buffer.from(TRIPLE.deviceSecret)),
  });
  const asStrings = bench({}, flash).session;
  expect(await asStrings.readIdentity(TRIPLE, NEVER_ABORTED)).toMatchObject({ secretMatches: true });
});

test.each<[string, Record<string, unknown>, (flash: FlashFake) => void, string]>([
  ['an erased flash', {}, ({ bytes }) => bytes.fill(0xff), 'no-table'],
  ['a flash of other bytes', {}, ({ bytes }) => bytes.fill(0x11), 'no-table'],
  ['a damaged partition table', {}, ({ bytes }) => bytes.fill(0, 0x8005, 0x8006), 'table-damaged'],
  ['a table without the partition', { partition: 'nvs2' }, () => undefined, 'no-partition'],
  ['an encrypted partition', { partition: 'locked' }, () => undefined, 'encrypted'],
])('%s is said before anything is written', async (_what, more, prepare, because) => {
  const { flash, session } = bench(more);
  prepare(flash);
  const fault = await faultOf(() => session.prepareWrite(NEVER_ABORTED));
  expect(fault).toMatchObject({ code: 'flash-unreadable', details: { because } });
  expect(flash.writes).toBe(0);
});

test.each([
  [0x9000, 0x4000, 'row 2 of its partition table, "more" at 0x9000, overlaps "nvs" at 0x9000'],
  [0x7000, 0x2000, 'row 2 of its partition table, "more" at 0x7000, overlaps the table at 0x8000'],
  [0x4_0000, 0xffff_f000, 'row 2 of its partition table, "more" at 0x40000, has 4294963200 bytes'],
  [
    0x1f_f000,
    0x4000,
    'row 2 of its partition table, "more" at 0x1ff000, ends at 0x203000, and the flash at 0x200000',
  ],
  [0x4_0100, 0x4000, 'row 2 of its partition table, "more" at 0x40100, is not in whole sectors'],
] as const)(
  'a row of NVS at %d of %d bytes is named before a partition is read',
  async (offset, size, message) => {
    const rows = [
      [1, 2, 0x9000, 0x6000, 'nvs'],
      [1, 2, offset, size, 'more'],
    ] as const;
    const { session } = bench({}, new FlashFake(0x20_0000), partitionTable(rows));
    const fault = await faultOf(() => session.readIdentity(TRIPLE, NEVER_ABORTED));
    expect(fault).toMatchObject({ code: 'flash-unreadable', details: { because: 'table-row' } });
    expect(fault.message).toContain(message);
  },
);

test('an erased flash holds no identity', async () => {
  const { flash, session } = bench();
  flash.bytes.fill(0xff);
  expect(await session.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({ kind: 'none' });
});

test('the name of a partition that the unit has is in the message', async () => {
  const { session } = bench({ partition: 'nvs2' });
  expect((await faultOf(() => session.prepareWrite(NEVER_ABORTED))).message).toBe(
    'the flash of the unit cannot be used: its partition table has no NVS partition "nvs2", but nvs, locked',
  );
});

test('a triple that a string of NVS does not hold is refused', async () => {
  const { session } = bench();
  for (const deviceSecret of ['a\0b', 'x'.repeat(4000)])
    expect(await faultOf(() => session.checkWritable({ ...TRIPLE, deviceSecret }))).toMatchObject({
      code: 'bad-input',
    });
});

test('a flash that changes after the writing is found', async () => {
  const { flash, session } = bench();
  flash.spoilBeforeMd5 = NVS_AT + 100;
  expect(await faultOf(() => session.writeIdentity(TRIPLE, NEVER_ABORTED))).toMatchObject({
    code: 'flash-mismatch',
  });
});
