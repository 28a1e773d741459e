import { describe, expect, it } from 'vitest';
import { DESCRIBED, mistakesIn, type Shape } from './written.ts';

const WRITE = { text: 'SETID {productId} {deviceName} {deviceSecret}', expect: '^OK$' };
const NAMES = String.raw`^ID (?<productId>\S+) (?<deviceName>\S+)`;
const READ = { text: 'ID?', expect: String.raw`${NAMES} (?<deviceSecret>\S+)$`, none: '^ID -$' };
const BURN = { verb: 'burn-triple' };
const good = { write: [WRITE], read: [READ] };

const found = (identity: Shape, steps: Shape[] = [BURN], device: Shape = {}): string[] =>
  mistakesIn(steps, { device: { ...DESCRIBED, ...device, identity } });

describe('an identity that a recipe describes', () => {
  it('is right as the manual shows it', () => {
    expect(
      found({
        ...good,
        erase: [{ text: 'CLRID', expect: '^OK$' }],
        limits: { deviceName: 48, deviceSecret: 44 },
      }),
    ).toEqual([]);
  });

  it('is right over Bluetooth, and in frames', () => {
    const gatt = {
      write: [
        { service: 'FFE0', write: 'FFE1', send: '01 {deviceName:bytes} 00 {deviceSecret:decoded}' },
        { service: 'FFE0', write: 'FFE1', text: '{productId}', notify: 'FFE2', expect: '^00$' },
      ],
      read: [
        {
          service: 'FFE0',
          characteristic: 'FFE3',
          expect: '^(?<productId>[^,]+),(?<deviceName>[^,]+),(?<deviceSecretMd5>.+)$',
          none: '^-$',
        },
      ],
    };
    expect(found(gatt)).toEqual([]);
    const frames = {
      write: [{ frame: '10 {deviceName:bytes} {deviceSecret:bytes}', expectFrame: '^9000$' }],
      read: [
        {
          frame: '11',
          expectFrame: '^91(?<productId>.{20})(?<deviceName>.{96})(?<deviceSecretSha256>.{64})$',
          noneFrame: '^9100$',
        },
      ],
    };
    expect(found(frames, [BURN], { frames: { start: 'AA', length: {} } })).toEqual([]);
    expect(found(frames).join()).toContain('device.frames does not describe the frames');
  });

  it.each<[string, Shape, string]>([
    [
      'no write',
      { read: [READ] },
      'device.identity: needs write and read: how the unit takes and shows its identity',
    ],
    [
      'two messages in one exchange',
      { ...good, erase: [{ text: 'A', hex: '01', expect: 'B' }] },
      'device.identity.erase.0: must be one exchange',
    ],
    [
      'no awaited answer',
      { ...good, erase: [{ text: 'A' }] },
      'device.identity.erase.0: must have exactly one of: expect, expectFrame',
    ],
    [
      'a write without the secret',
      { ...good, write: [{ text: 'SETID {productId} {deviceName} {deviceSecret:length}', expect: '^OK$' }] },
      'device.identity.write: sends no {deviceSecret}: the unit does not get it',
    ],
    [
      'a secret outside of the write',
      { ...good, prepare: [{ text: 'OPEN {deviceSecret}', expect: '^OK$' }] },
      'device.identity.prepare.0.text: {deviceSecret} is filled in under write only',
    ],
    [
      'a bare value in hex',
      { ...good, write: [WRITE, { hex: '01 {deviceSecret}', expect: '^OK$' }] },
      'device.identity.write.1.hex: write {deviceSecret:bytes}',
    ],
    [
      'a misspelled value',
      { ...good, write: [WRITE, { text: '{devicename}', expect: '^OK$' }] },
      'device.identity.write.1.text: {devicename} is unknown; did you mean {deviceName}?',
    ],
    [
      'a misspelled filter',
      { ...good, write: [WRITE, { text: '{deviceName:bas64}', expect: '^OK$' }] },
      'there is no filter bas64; did you mean {deviceName:base64}?',
    ],
    [
      'a misspelled filter between bytes',
      { ...good, write: [WRITE, { hex: '01 {deviceName:byte} 0D', expect: '^OK$' }] },
      'device.identity.write.1.hex: there is no filter byte; did you mean {deviceName:bytes}?',
    ],
    [
      'a misspelled value between bytes',
      { ...good, write: [WRITE, { hex: '01 {devicename:bytes} 0D', expect: '^OK$' }] },
      'device.identity.write.1.hex: {devicename} is unknown; did you mean {deviceName}?',
    ],
    [
      'two filters between bytes',
      { ...good, write: [WRITE, { hex: '01 {deviceName:length:bytes}', expect: '^OK$' }] },
      'device.identity.write.1.hex: must be bytes in hex',
    ],
    [
      'a value of the unit',
      { ...good, write: [WRITE, { text: '{mac} ${rssi}', expect: '^OK$' }] },
      'device.identity.write.1.text: ${rssi} is not filled in here',
    ],
    [
      'a reading without a name',
      { ...good, read: [{ ...READ, expect: String.raw`^ID (?<productId>\S+) (?<deviceSecret>\S+)$` }] },
      'device.identity.read: no expect has a group named deviceName',
    ],
    [
      'a group that is not known',
      { ...good, read: [{ ...READ, expect: `${NAMES} (?<deviceSecretSha1>.+)$` }] },
      'device.identity.read.0.expect: a group named deviceSecretSha1',
    ],
    [
      'a reading that cannot show that there is none',
      { ...good, read: [{ text: 'ID?', expect: READ.expect }] },
      'device.identity.read.0: needs none, the answer of a unit that holds no identity',
    ],
    [
      'a none that a disturbed answer matches',
      { ...good, read: [{ ...READ, none: '^ID' }] },
      'device.identity.read.0.none: must match the whole line',
    ],
    [
      'a none that everything matches',
      { ...good, read: [{ ...READ, none: '^.*$' }] },
      'device.identity.read.0.none: also matches answers of a unit that holds an identity',
    ],
    [
      'a none of another kind',
      { ...good, read: [{ text: 'ID?', expect: READ.expect, noneFrame: '^00$' }] },
      'device.identity.read.0.noneFrame: none goes with expect',
    ],
    [
      'a product that is too long',
      { ...good, limits: { productId: 4 } },
      'product: has 10 characters, and device.identity.limits allows a ProductId of 4 bytes',
    ],
    [
      'an escape',
      { ...good, erase: [{ text: String.raw`CLR\r\n`, expect: '^OK$' }] },
      'device.identity.erase.0.text: ',
    ],
    [
      'a pattern that no line matches',
      { ...good, erase: [{ text: 'CLR', expect: 'x^OK$' }] },
      'device.identity.erase.0.expect: never matches',
    ],
  ])('has a mistake: %s', (_what, identity, message) => {
    expect(found(identity).join('\n')).toContain(message);
  });

  it('is not for an AT module', () => {
    expect(mistakesIn([BURN], { device: { profile: 'at-module', identity: good } }).join()).toContain(
      'device.identity: is not needed: an AT module has commands for its identity',
    );
  });
});

describe('an identity of which the name alone is read', () => {
  const byName = { write: [WRITE], read: [{ text: 'ID?', expect: `${NAMES}$`, none: '^ID -$' }] };
  const proof = (more: Shape = {}): Shape => ({ verb: 'prove-online', ...more });

  it('needs a login that is seen, or says that it is not proven', () => {
    expect(found(byName).join()).toContain(
      'device.identity.read: reads the name back and nothing of the secret',
    );
    expect(found(byName, [BURN, proof({ confirm: 'registry' })])).toEqual([]);
    expect(found({ ...byName, unproven: true })).toEqual([]);
    const login = [{ text: 'CONNECT', expect: '^ONLINE$' }];
    expect(found({ ...byName, login }, [BURN, proof({ confirm: 'device' })])).toEqual([]);
    expect(found({ ...byName, login }, [BURN, proof()]).join()).toContain('say confirm: registry');
    const runIf = { value: '{mac}', not: 'x' };
    expect(found(byName, [BURN, proof({ confirm: 'registry', runIf })]).join()).toContain('leave runIf out');
  });

  it('needs nothing where no triple is burned', () =>
    expect(found(byName, [{ verb: 'wait', ms: 1 }])).toEqual([]));
});

describe('steps of a described device', () => {
  const login = [{ text: 'CONNECT', expect: '^ONLINE$' }];

  it('need what the recipe says that the unit can do', () => {
    expect(found(good, [BURN, { verb: 'prove-online' }]).join()).toContain('needs device.identity.login');
    expect(found({ ...good, login }, [BURN, { verb: 'prove-online' }])).toEqual([]);
    expect(found(good, [{ verb: 'log-out' }]).join()).toContain('needs device.identity.logout');
    expect(found({ ...good, logout: login }, [{ verb: 'log-out' }])).toEqual([]);
    expect(found(good, [{ verb: 'at-command', send: 'AT' }]).join()).toContain(
      'is only for devices of profile',
    );
    expect(found(good, [BURN, { verb: 'label' }])).toEqual([]);
  });
});
