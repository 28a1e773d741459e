import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAdvertisement } from '../../../../../../station/devices/protocols/provisioning/llsync/advertisement.ts';
import {
  AUTHENTICATED,
  authenticationCode,
  deviceIdOf,
} from '../../../../../../station/devices/protocols/provisioning/llsync/authentication.ts';
import { readDeviceInfo } from '../../../../../../station/devices/protocols/provisioning/llsync/device-info.ts';
import {
  encodeMessage,
  type LlsyncMessage,
  SliceReader,
} from '../../../../../../station/devices/protocols/provisioning/llsync/slices.ts';
import {
  decodeValues,
  encodeValues,
  type LlsyncValue,
} from '../../../../../../station/devices/protocols/provisioning/llsync/values.ts';
import { codes, shortId } from '../../../../../../simulator/parts/llsync/codes.ts';
import { Assembler, slicesOf } from '../../../../../../simulator/parts/llsync/framing.ts';
import { splitValues } from '../../../../../../simulator/parts/llsync/template.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

// Values of LLSync protocol 1.4.1 and of runs of SDK 1.4.1 and 1.6.3.
const NAME = { productId: 'ABCDEFGHIJ', deviceName: 'Dev01' };
const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const LOCAL_KEY = bytes('a1b2c3d4');
const AT_S = 1_597_143_546;
const NONCE = 0x11223344;
const CODE = {
  bind: '353cf65437fd6d82e2b05bd8912652d236494039',
  connectRequest: 'acdbad9b1f5f8a2ec2cae0f43503a835add4b3c9',
  connectAnswer: 'f9fbfa15453c101afd3fc081db23d1a000f84a4a',
  unbindRequest: '0a2d2f30556e6774c7e4269e9439336d748a1ceb',
  unbindAnswer: '1d0a0700d44479ca579c7e8a7a0dc3bbc3a4a9ca',
};

describe('the codes of LLSync', () => {
  it.each([
    ['bind', AUTHENTICATED.bind(NAME, NONCE, AT_S), Buffer.from(SECRET, 'base64'), CODE.bind],
    ['connect', AUTHENTICATED.connectRequest(AT_S), LOCAL_KEY, CODE.connectRequest],
    ['the answer to it', AUTHENTICATED.connectAnswer(NAME, AT_S), LOCAL_KEY, CODE.connectAnswer],
    ['unbind', AUTHENTICATED.unbindRequest, LOCAL_KEY, CODE.unbindRequest],
    ['the answer to that', AUTHENTICATED.unbindAnswer, LOCAL_KEY, CODE.unbindAnswer],
  ])('are those of the SDK: %s', (_, text, key, code) => {
    expect(hex(authenticationCode(key, text))).toBe(code);
  });

  it('are the same in the simulated unit', () => {
    expect(hex(codes.bind(SECRET, NAME, NONCE, AT_S))).toBe(CODE.bind);
    expect(codes.mayConnect(LOCAL_KEY, AT_S, bytes(CODE.connectRequest))).toBe(true);
    expect(hex(codes.connect(LOCAL_KEY, NAME, AT_S))).toBe(CODE.connectAnswer);
    expect(codes.mayUnbind(LOCAL_KEY, bytes(CODE.unbindRequest))).toBe(true);
    expect(hex(codes.unbind(LOCAL_KEY))).toBe(CODE.unbindAnswer);
  });

  it('name a bound unit by eight bytes', () => {
    expect(hex(deviceIdOf(NAME))).toBe('4b6060759bf3c997');
    expect(hex(shortId(NAME))).toBe('4b6060759bf3c997');
  });
});

/** Messages with their slices on the air. The last column: data of a slice's value. */
const MESSAGES: readonly (readonly [string, number, string, readonly string[], number])[] = [
  ['time', 0x00, '112233445f3279fa', ['00 0008 11223344 5f3279fa'], 20],
  [
    'connect in two slices',
    0x01,
    `5f3279fa${CODE.connectRequest}`,
    ['01 4011 5f3279faacdbad9b1f5f8a2ec2cae0f435', '01 c007 03a835add4b3c9'],
    20,
  ],
  ['connect in one', 0x01, `5f3279fa${CODE.connectRequest}`, [`01 0018 5f3279fa ${CODE.connectRequest}`], 27],
  ['bound', 0x02, '02a1b2c3d40102030405060708', ['02 000d 02 a1b2c3d4 0102030405060708'], 20],
  ['unbind', 0x04, CODE.unbindRequest, [`04 0014 ${CODE.unbindRequest}`], 23],
  [
    'bind code',
    0x05,
    `${CODE.bind}4465763031`,
    ['05 4011 353cf65437fd6d82e2b05bd8912652d236', '05 c008 4940394465763031'],
    20,
  ],
  [
    'connect code',
    0x06,
    `${CODE.connectAnswer}4465763031`,
    ['06 4011 f9fbfa15453c101afd3fc081db23d1a000', '06 c008 f84a4a4465763031'],
    20,
  ],
  [
    'connect code at the larger size',
    0x06,
    `${CODE.connectAnswer}4465763031`,
    ['06 4014 f9fbfa15453c101afd3fc081db23d1a000f84a4a', '06 c005 4465763031'],
    23,
  ],
  [
    'report in three slices',
    0x00,
    '00002100000000630000000084 0000a500000000c60014000021000000006300000000840000a500000000c700020000',
    [
      '00 4014 00 00 21 00000000 63 00000000 84 0000 a5 00000000',
      '00 8014 c6 0014 000021000000006300000000840000a500',
      '00 c008 000000 c7 0002 0000',
    ],
    23,
  ],
];

describe('messages of LLSync', () => {
  it.each(MESSAGES)('are sliced and put together as in the SDK: %s', (_, type, data, slices, size) => {
    const content = bytes(data);
    const onAir = slices.map((slice) => hex(bytes(slice)));
    expect(encodeMessage(type, content, size).map(hex)).toEqual(onAir);
    expect(slicesOf({ type, body: content }, size).map(hex)).toEqual(onAir);
    const reader = new SliceReader();
    const received = slices.map((slice) => reader.push(bytes(slice)));
    expect(received.slice(0, -1).map(({ kind }) => kind)).toEqual(slices.slice(1).map(() => 'part'));
    expect(received.at(-1)).toMatchObject({ kind: 'message', message: { type, rejected: false } });
    const last = received.at(-1) as { readonly message: LlsyncMessage };
    expect(hex(last.message.data)).toBe(hex(content));
    const assembler = new Assembler();
    const taken = slices.map((slice) => assembler.take(bytes(slice))).at(-1);
    expect(hex(taken?.body.subarray(2) ?? new Uint8Array())).toBe(hex(content));
  });

  it('may have no data, and say no', () => {
    expect(new SliceReader().push(bytes('02'))).toEqual({
      kind: 'message',
      message: { type: 2, rejected: false, data: new Uint8Array() },
    });
    expect(new SliceReader().push(bytes('05 2001 00'))).toMatchObject({ message: { rejected: true } });
  });

  it.each([
    ['an empty value', [''], 'it is empty'],
    ['a cut length', ['05 40'], 'its length is cut off'],
    ['a wrong length', ['05 0003 0000'], 'its length says 3 bytes, and 2 bytes came'],
    ['a tail without a head', ['05 c001 00'], 'it continues a message that has not begun'],
    [
      'slices in the wrong order',
      ['05 c001 00', '05 4001 00', '06 c001 00'],
      'it continues a message of another type',
    ],
  ])('are refused for %s', (_, values, reason) => {
    const reader = new SliceReader();
    expect(values.map((value) => reader.push(bytes(value))).at(-1)).toEqual({ kind: 'garbage', reason });
  });

  it('begin anew with a repeated head', () => {
    const reader = new SliceReader();
    for (const value of ['05 4001 aa', '05 4001 bb']) reader.push(bytes(value));
    expect(reader.push(bytes('05 c001 cc'))).toMatchObject({
      message: { data: new Uint8Array(bytes('bbcc')) },
    });
  });

  it('come whole out of any slices, and no bytes make a reader throw or grow', () => {
    fc.assert(
      fc.property(
        fc.nat(255),
        fc.uint8Array({ maxLength: 1500 }),
        fc.integer({ min: 20, max: 240 }),
        fc.array(fc.uint8Array({ maxLength: 24 }), { maxLength: 6 }),
        (type, data, size, noise) => {
          const reader = new SliceReader((of) => (of === 3 ? 1 : 0));
          for (const value of noise) reader.push(value);
          const repeated = type === 3 ? data.subarray(0, 1) : new Uint8Array();
          const slices = slicesOf({ type, header: repeated, body: data.subarray(repeated.length) }, size);
          const received = slices.map((value) => reader.push(value)).at(-1);
          expect(received).toEqual({
            kind: 'message',
            message: { type, rejected: false, data: Buffer.concat([data]) },
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

const SAMPLE: readonly LlsyncValue[] = [
  { id: 0, type: 'bool', value: true },
  { id: 1, type: 'int', value: -5 },
  { id: 2, type: 'string', value: '灯' },
  { id: 3, type: 'float', value: 1.5 },
  { id: 4, type: 'enum', value: 300 },
  { id: 5, type: 'time', value: AT_S },
  { id: 6, type: 'struct', value: [{ id: 0, type: 'bool', value: false }] },
  { id: 7, type: 'array', value: Uint8Array.of(1, 2) },
];

describe('values of the data template', () => {
  it('are written with type and id in front, big end first, but floats little end first', () => {
    const onAir = '0001 21fffffffb 420003e781af 630000c03f 84012c a55f3279fa c600020000 e700020102';
    expect(hex(encodeValues(SAMPLE))).toBe(hex(bytes(onAir)));
    expect(decodeValues(bytes(onAir))).toEqual(SAMPLE);
    // The simulated unit has no arrays.
    expect(splitValues(bytes(onAir).subarray(0, -5))?.map(({ id, code }) => [id, code])).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((n) => [n, n]),
    );
  });

  it("are read from the SDK's report of its sample model", () => {
    const [, , data] = MESSAGES.at(-1) ?? [];
    expect(decodeValues(bytes(data ?? ''))?.map(({ id, type }) => `${id} ${type}`)).toEqual([
      '0 bool',
      '1 int',
      '3 float',
      '4 enum',
      '5 time',
      '6 struct',
      '7 struct',
    ]);
  });

  const basic = (id: fc.Arbitrary<number>): fc.Arbitrary<LlsyncValue> =>
    fc.oneof(
      fc.record({ id, type: fc.constant('bool' as const), value: fc.boolean() }),
      fc.record({ id, type: fc.constant('int' as const), value: fc.integer() }),
      fc.record({ id, type: fc.constant('float' as const), value: fc.float({ noNaN: true }) }),
      fc.record({ id, type: fc.constant('enum' as const), value: fc.nat(0xffff) }),
      fc.record({ id, type: fc.constant('time' as const), value: fc.nat(0xffff_ffff) }),
      fc.record({
        id,
        type: fc.constant('string' as const),
        value: fc.string({ unit: 'grapheme', maxLength: 20 }),
      }),
    );
  const id = fc.nat(31);
  const value = fc.oneof(
    basic(id),
    fc.record({ id, type: fc.constant('struct' as const), value: fc.array(basic(id), { maxLength: 4 }) }),
  );

  it('are read as they were written, and no bytes make the reader throw', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), fc.uint8Array({ maxLength: 64 }), (values, noise) => {
        expect(decodeValues(encodeValues(values))).toEqual(values);
        decodeValues(noise);
        splitValues(Buffer.from(noise));
        readDeviceInfo(noise);
        readAdvertisement(noise, []);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    { id: 32, type: 'bool', value: true },
    { id: 0, type: 'int', value: 1.5 },
    { id: 0, type: 'enum', value: -1 },
    { id: 0, type: 'struct', value: [{ id: 0, type: 'struct', value: [] }] },
  ] as const)('are refused where the protocol has no room for them: %j', (wrong) => {
    expect(() => encodeValues([wrong])).toThrow(/cannot be written over LLSync/);
  });
});

describe('advertisements of LLSync', () => {
  const mac = '24:6F:28:11:22:33';
  const free = '246f28112233 4142434445464748494a';
  it.each([
    ['FFE0', `21 ${free}`, { state: 'binding', protocolVersion: 2, mac, productId: 'ABCDEFGHIJ' }],
    ['FFE0', `20 ${free}`, { state: 'unbound', protocolVersion: 2, mac, productId: 'ABCDEFGHIJ' }],
    ['FFF0', `02 ${free}`, { state: 'provisioning', protocolVersion: 2, mac, productId: 'ABCDEFGHIJ' }],
    [
      'FFE0',
      '22 4b6060759bf3c997 0102030405060708',
      { state: 'bound', protocolVersion: 2, deviceId: '4b6060759bf3c997', bindId: '0102030405060708' },
    ],
  ])('with %s tell the state of the unit', (service, data, read) => {
    expect(readAdvertisement(bytes(`e7fe${data}`), [service])).toEqual(read);
  });

  it('of other companies and lengths are not read', () => {
    for (const data of [null, bytes('ffff00'), bytes('e7fe21'), bytes(`e7fe23${free}`)])
      expect(readAdvertisement(data, ['FFE0'])).toBeNull();
  });
});

describe('what a unit says about itself', () => {
  it.each([
    ['020017053132333435', { protocolVersion: 2, mtuBytes: 23, wantsMtu: false, text: '12345' }],
    ['0280f700', { protocolVersion: 2, mtuBytes: 247, wantsMtu: true, text: '' }],
    // Protocol version 1 ends after the MTU.
    ['010014', { protocolVersion: 1, mtuBytes: 20, wantsMtu: false, text: '' }],
    ['0100', null],
    ['0200170531', null],
  ])('is read: %s', (hex, info) => {
    expect(readDeviceInfo(Buffer.from(hex, 'hex'))).toEqual(info);
  });
});
