import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { device } from '#shared/recipe/index.ts';
import { createNodePlatform } from '#station';
import { SecretMask } from '../../../../../station/core/secret-mask/index.ts';
import { type DeviceSession, openDevice } from '../../../../../station/devices/protocols/index.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { scriptedLink } from '../at-module/scripted-link.ts';
import { consoleIdentity, type ConsoleUnit, consoleUnit, SHOWN, type Shown } from './console-unit.ts';

const { clock } = createNodePlatform('/nowhere');
/** The units of this file answer before any timer. */
const WITHIN_MS = 100;
const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const OTHER = 'MDEyMzQ1Njc4OWFiY2RlZg==';
const TRIPLE = { productId: 'CS0SLTKSYA', deviceName: 'dev-1', deviceSecret: SECRET };
const NAME = { productId: 'CS0SLTKSYA', deviceName: 'dev-1' };

function session(
  unit: ConsoleUnit,
  identity: Record<string, unknown>,
  mask: SecretMask = new SecretMask(),
): DeviceSession {
  const settings = device.parse({
    profile: 'described',
    identify: [{ text: 'MAC?', expect: '^(?<mac>[0-9A-F]{12})$' }],
    identity,
  });
  return openDevice(
    scriptedLink((line) => unit.answer(line)),
    settings,
    { clock, mask },
  ).session;
}

const STRENGTHS: readonly (readonly [Shown, string])[] = [
  ['deviceSecret', 'full'],
  ['deviceSecretHex', 'full'],
  ['deviceSecretBase64', 'full'],
  ['deviceSecretSha256', 'sha256'],
  ['deviceSecretMd5', 'md5'],
  ['deviceSecretCrc32', 'crc32'],
  ['deviceSecretBcc', 'bcc8'],
  ['name', 'name'],
];

it.each(['000000', '00-00-00-00-00-00', 'unknown', 'N/A', 'To Be Filled By O.E.M.'])(
  'a unit that reports the id %s identifies no unit',
  async (id) => {
    const settings = device.parse({
      profile: 'described',
      identify: [{ text: 'SN?', expect: '^(?<id>.+)$' }],
    });
    const opened = openDevice(
      scriptedLink(() => `${id}\r\n`),
      settings,
      { clock, mask: new SecretMask() },
    ).session;
    const fault = await faultOf(() => opened.identify(NEVER_ABORTED));
    expect(fault).toMatchObject({ code: 'device-garbled', message: expect.stringContaining(id) });
  },
);

describe.each(STRENGTHS)('a unit that shows %s', (shown, strength) => {
  it('is written, read back and erased', async () => {
    const unit = consoleUnit(shown);
    const opened = session(unit, consoleIdentity(shown, WITHIN_MS));
    expect(opened.readBack).toBe(strength);
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({ kind: 'none' });
    opened.checkWritable(TRIPLE);
    await opened.prepareWrite(NEVER_ABORTED);
    await opened.writeIdentity(TRIPLE, NEVER_ABORTED);
    expect(unit.held).toEqual(TRIPLE);
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({
      kind: 'holds',
      name: NAME,
      secretMatches: strength === 'name' ? null : true,
    });
    expect(await opened.readIdentity(null, NEVER_ABORTED)).toMatchObject({ secretMatches: null });
    await opened.eraseIdentity(NEVER_ABORTED);
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({ kind: 'none' });
  });

  it('with another secret, or with none, does not match', async () => {
    const unit = consoleUnit(shown);
    const opened = session(unit, consoleIdentity(shown, WITHIN_MS));
    const matches = strength === 'name' ? null : false;
    for (const deviceSecret of [OTHER, '']) {
      unit.held = { ...TRIPLE, deviceSecret };
      expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({
        kind: 'holds',
        name: NAME,
        secretMatches: matches,
      });
    }
  });
});

describe('a reading', () => {
  it('takes digests in hex of either case and in base64', async () => {
    for (const shown of ['deviceSecretSha256', 'deviceSecretMd5', 'deviceSecretCrc32'] as const) {
      const unit = consoleUnit(shown);
      const opened = session(unit, consoleIdentity(shown, WITHIN_MS));
      const hex = SHOWN[shown](SECRET);
      for (const digest of [
        hex.toLowerCase(),
        hex.toUpperCase(),
        `0x${hex}`,
        ...(shown === 'deviceSecretCrc32' ? [] : [Buffer.from(hex, 'hex').toString('base64')]),
      ]) {
        unit.instead = () => `ID ${NAME.productId} ${NAME.deviceName} ${digest}\r\n`;
        expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toMatchObject({ secretMatches: true });
      }
      unit.instead = () => `ID ${NAME.productId} ${NAME.deviceName} ${hex.slice(2)}\r\n`;
      expect((await faultOf(() => opened.readIdentity(TRIPLE, NEVER_ABORTED))).code).toBe('device-garbled');
    }
  });

  it('says which group is for a sum in hex', async () => {
    const unit = consoleUnit('deviceSecretBcc');
    const opened = session(unit, consoleIdentity('deviceSecretBcc', WITHIN_MS));
    unit.instead = () => `ID ${NAME.productId} ${NAME.deviceName} 5A\r\n`;
    const fault = await faultOf(() => opened.readIdentity(TRIPLE, NEVER_ABORTED));
    expect(fault.code).toBe('device-garbled');
    expect(fault.hint).toContain('needs the group deviceSecretBccHex');
  });

  it('without a part of the name is none when the unit says so twice', async () => {
    const unit = consoleUnit();
    const opened = session(unit, consoleIdentity('deviceSecret', WITHIN_MS));
    unit.held = { ...TRIPLE, deviceName: '' };
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({ kind: 'none' });
    expect(unit.heard).toEqual(['ID?', 'ID?']);
    unit.held = TRIPLE;
    let answers = 0;
    unit.instead = () => (answers++ === 0 ? 'ID CS0SLTKSYA  \r\n' : undefined);
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toMatchObject({ secretMatches: true });
  });

  it('of noise, of silence and of a name that is none is a fault', async () => {
    const unit = consoleUnit();
    const opened = session(unit, consoleIdentity('deviceSecret', WITHIN_MS));
    const read = async (answer: string | null): Promise<string> => {
      unit.instead = () => answer;
      return (await faultOf(() => opened.readIdentity(TRIPLE, NEVER_ABORTED))).code;
    };
    expect(await read(null)).toBe('device-silent');
    expect(await read('ERR\r\n')).toBe('limit-exceeded');
    expect(await read('I D -\r\n')).toBe('limit-exceeded');
    expect(await read(`ID ${'P'.repeat(40)} dev-1 ${SECRET}\r\n`)).toBe('device-garbled');
    expect(await read(`ID CS0SLTKSYA ${'n'.repeat(60)} ${SECRET}\r\n`)).toBe('device-garbled');
  });

  it('joins several answers, and does not ask on when there is no name', async () => {
    const unit = consoleUnit();
    const identity = {
      ...consoleIdentity('deviceSecret', WITHIN_MS),
      read: [
        { text: 'NAME?', expect: String.raw`^(?<productId>\w+)/(?<deviceName>[\w-]+)$`, none: '^-$' },
        { text: 'SHA?', expect: String.raw`^(?<deviceSecretSha256>\w+)$`, none: '^-$' },
      ],
    };
    const opened = session(unit, identity);
    expect(opened.readBack).toBe('sha256');
    const sha = SHOWN.deviceSecretSha256(SECRET);
    unit.instead = (line) => (line === 'NAME?' ? 'CS0SLTKSYA/dev-1\r\n' : `${sha}\r\n`);
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toMatchObject({ secretMatches: true });
    unit.instead = (line) => (line === 'NAME?' ? 'CS0SLTKSYA/dev-1\r\n' : '-\r\n');
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toMatchObject({ secretMatches: false });
    unit.heard.length = 0;
    unit.instead = () => '-\r\n';
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({ kind: 'none' });
    expect(unit.heard).toEqual(['NAME?']);
  });
});

describe('frames', () => {
  const FRAMES = { start: 'AA', length: { bytes: 1 }, checksum: { kind: 'xor8' } };
  const identity = {
    write: [
      {
        frame:
          '10 {productId:length} {productId:bytes} {deviceName:length} {deviceName:bytes} {deviceSecret:decoded}',
        expectFrame: '^9000$',
        withinMs: 200,
      },
    ],
    read: [
      {
        frame: '11',
        expectFrame: '^91(?<productId>.{20})(?<deviceName>.{32})(?<deviceSecretMd5>.{32})$',
        noneFrame: '^9100$',
        withinMs: 200,
      },
    ],
  };
  const framed = (payload: Buffer): string => {
    const sum = payload.reduce((all, byte) => all ^ byte, 0);
    return Buffer.concat([Buffer.of(0xaa, payload.length), payload, Buffer.of(sum)]).toString('latin1');
  };

  it('carry bytes in both directions', async () => {
    const heard: Buffer[] = [];
    let answer = Buffer.of(0x91, 0);
    const link = scriptedLink((text) => {
      const payload = Buffer.from(text, 'latin1').subarray(2, -1);
      heard.push(payload);
      return framed(payload[0] === 0x10 ? Buffer.of(0x90, 0) : answer);
    });
    const settings = device.parse({
      profile: 'described',
      identify: [{ text: 'MAC?', expect: '^(?<mac>[0-9A-F]{12})$' }],
      frames: FRAMES,
      identity,
    });
    const mask = new SecretMask();
    const opened = openDevice(link, settings, { clock, mask }).session;
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({ kind: 'none' });
    await opened.writeIdentity(TRIPLE, NEVER_ABORTED);
    expect(heard.at(-1)?.toString('latin1')).toBe(
      `\u0010\u000aCS0SLTKSYA\u0005dev-1${Buffer.from(SECRET, 'base64').toString('latin1')}`,
    );
    const field = (text: string, size: number): Buffer =>
      Buffer.concat([Buffer.from(text), Buffer.alloc(size)]).subarray(0, size);
    const md5 = Buffer.from(SHOWN.deviceSecretMd5(SECRET), 'hex');
    answer = Buffer.concat([Buffer.of(0x91), field('CS0SLTKSYA', 10), field('dev-1', 16), md5]);
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({
      kind: 'holds',
      name: NAME,
      secretMatches: true,
    });
    // The digest is masked, too, so that a replay with another secret has its own.
    expect(mask.maskBytes(md5).every((byte) => byte === 0x2a)).toBe(true);
    expect(() => opened.checkWritable({ ...TRIPLE, deviceSecret: 'not base64!' })).toThrow(
      'cannot be sent so',
    );
  });
});

describe('limits', () => {
  it('are checked before anything is sent', async () => {
    const unit = consoleUnit();
    const opened = session(unit, {
      ...consoleIdentity('deviceSecret', WITHIN_MS),
      limits: { productId: 10, deviceName: 5, deviceSecret: 24 },
    });
    opened.checkWritable(TRIPLE);
    for (const [key, value] of [
      ['productId', 'CS0SLTKSYA1'],
      ['deviceName', 'dev-12'],
      ['deviceSecret', `${SECRET}=`],
    ] as const)
      expect((await faultOf(() => opened.checkWritable({ ...TRIPLE, [key]: value }))).code).toBe('bad-input');
    expect(unit.heard).toEqual([]);
  });
});

describe('a described device without an identity', () => {
  it('has a fault for each thing that it cannot do', async () => {
    const settings = device.parse({
      profile: 'described',
      identify: [{ text: 'MAC?', expect: '^(?<mac>[0-9A-F]{12})$' }],
    });
    const { session: opened } = openDevice(
      scriptedLink(() => null),
      settings,
      { clock, mask: new SecretMask() },
    );
    expect(opened.readBack).toBe('none');
    for (const work of [
      () => opened.readIdentity(null, NEVER_ABORTED),
      () => opened.checkWritable(TRIPLE),
      () => opened.prepareWrite(NEVER_ABORTED),
      () => opened.writeIdentity(TRIPLE, NEVER_ABORTED),
      () => opened.eraseIdentity(NEVER_ABORTED),
      () => opened.goOnline(NEVER_ABORTED),
      () => opened.command('AT', { timeoutMs: 1 }, NEVER_ABORTED),
    ])
      expect((await faultOf(work)).code).toBe('recipe-invalid');
    await opened.goOffline(NEVER_ABORTED);
  });
});

describe('whatever a unit answers', () => {
  it('ends in a reading or in a fault, and a secret is in no fault', async () => {
    const token = fc.oneof(
      fc.constantFrom('ID', '-', 'CS0SLTKSYA', 'dev-1', SECRET, OTHER, '', '\0', '\n', 'ID -\r\n'),
      fc.string({ maxLength: 12 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(token, { maxLength: 6 }), async (tokens) => {
        const unit = consoleUnit();
        unit.instead = () => `${tokens.join(' ')}\r\n`;
        const identity = consoleIdentity('deviceSecret', WITHIN_MS);
        const [read] = identity['read'] as Record<string, unknown>[];
        const opened = session(unit, { ...identity, read: [{ ...read, withinMs: 5 }] });
        try {
          const reading = await opened.readIdentity(TRIPLE, NEVER_ABORTED);
          if (reading.kind === 'holds') expect(reading.name.deviceName).toMatch(/^[\w-]+$/);
        } catch (error) {
          const { message, hint, details } = await faultOf(() => {
            throw error;
          });
          const text = JSON.stringify([message, hint, details]);
          for (const secret of [SECRET, OTHER]) expect(text).not.toContain(secret.slice(0, 12));
        }
      }),
      { numRuns: 60 },
    );
  });
});
