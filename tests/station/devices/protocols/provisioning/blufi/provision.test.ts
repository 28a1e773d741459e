import { describe, expect, it } from 'vitest';
import { BLUFI_DEFAULTS, type BlufiSettings } from '#shared/recipe/index.ts';
import type { UnitFault } from '../../../../../../simulator/faults/index.ts';
import type { TokenReply } from '../../../../../../simulator/parts/provisioning/index.ts';
import { ffdhe3072 } from '../../../../../../simulator/parts/blufi/session-keys.ts';
import {
  blufiProvisioning,
  TENCENT_COMBO,
  TENCENT_LLSYNC7,
  tencentProvisioning,
} from '../../../../../../station/devices/protocols/provisioning/blufi/index.ts';
import { summarize } from '../../../../../../station/devices/protocols/provisioning/blufi/summaries.ts';
import { PieceGuard } from '../../../../../../station/devices/protocols/provisioning/blufi/piece-guard.ts';
import { SecretMask } from '../../../../../../station/core/secret-mask/index.ts';
import { blufiGroup } from '../../../../../../station/devices/protocols/provisioning/blufi/key-exchange.ts';
import type { ProvisioningReport } from '../../../../../../station/devices/protocols/provisioning/ble-provisioning.ts';
import { faultOf } from '../../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../../support/never-aborted.ts';
import { GIVEN, UnitOnLink, type UnitOptions } from './unit-on-link.ts';

const METHODS = {
  blufi: blufiProvisioning('v1'),
  'blufi-v2': blufiProvisioning('v2'),
  'tencent-combo': tencentProvisioning(TENCENT_COMBO),
  'tencent-llsync7': tencentProvisioning(TENCENT_LLSYNC7),
} as const;
type Method = keyof typeof METHODS;
const ALL = Object.keys(METHODS) as Method[];

interface Case extends UnitOptions {
  readonly method: Method;
  /** What the unit speaks, where it is not what the recipe says. */
  readonly unit?: Method;
  readonly blufi?: Partial<BlufiSettings>;
  readonly given?: Partial<typeof GIVEN>;
  readonly joinMs?: number;
}

function provision(
  of: UnitOnLink,
  { method, blufi, given, joinMs = 30_000 }: Case,
): Promise<ProvisioningReport> {
  const { connection, clock } = of;
  const options = { deviceName: null, answerMs: 5_000, joinMs, blufi: { ...BLUFI_DEFAULTS, ...blufi } };
  return METHODS[method].provision(
    { connection, clock, mask: of.mask },
    { ...GIVEN, ...given },
    options,
    NEVER_ABORTED,
  );
}

async function failing(what: Case): Promise<string> {
  using unit = new UnitOnLink(what.unit ?? what.method, what);
  const { code, message } = await faultOf(() => provision(unit, what));
  const text = `${code}: ${message}`;
  for (const secret of [GIVEN.password, GIVEN.token]) expect(text).not.toContain(secret);
  return text;
}

const answer = (at: string, does: string, more: object = {}): readonly UnitFault[] => [
  { fault: 'blufi-answer', at, does, code: 0, ...more } as UnitFault,
];

it('has the group of RFC 7919, which the simulated unit computes from the digits of e', () => {
  expect(Buffer.from(blufiGroup('v2').prime).toString('hex')).toBe(ffdhe3072().toString(16));
});

describe.each(ALL)('%s', (method) => {
  it.each([23, 247])('gives the unit its network and its token at an MTU of %d', async (mtu) => {
    using unit = new UnitOnLink(method, { mtu });
    const report = await provision(unit, { method });
    expect(report).toMatchObject({ ssid: GIVEN.ssid, isConfirmed: true });
    await expect.poll(() => unit.reported).toEqual([GIVEN.token]);
    expect(unit.wifi.known).toEqual({ ssid: GIVEN.ssid, password: GIVEN.password });
    const stages = JSON.stringify(report);
    expect(stages).not.toContain(GIVEN.password);
    expect(stages).not.toContain(GIVEN.token);
  });

  it('marks every value that reveals password or token', async () => {
    using unit = new UnitOnLink(method, { mtu: 247 });
    await provision(unit, { method });
    const shown = unit.said.filter(
      (value) => value.startsWith('>') && !unit.secrets.includes(value.slice(1)),
    );
    for (const secret of [GIVEN.password, GIVEN.token])
      expect(shown.join()).not.toContain(Buffer.from(secret).toString('hex'));
    const clear = unit.said.join().includes(Buffer.from(GIVEN.password).toString('hex'));
    expect(clear).toBe(method.startsWith('tencent'));
  });

  it('takes an open network', async () => {
    using unit = new UnitOnLink(method, { network: { password: '' } });
    await provision(unit, { method, given: { password: '' } });
    expect(unit.wifi.joined?.ssid).toBe(GIVEN.ssid);
  });

  it('confirms frames of a unit that wants it', async () => {
    using unit = new UnitOnLink(method, { faults: [{ fault: 'blufi-wants-acks' }] });
    await provision(unit, { method });
    await expect.poll(() => unit.reported).toEqual([GIVEN.token]);
  });

  it.each<[string, Partial<Case>, string]>([
    ['a wrong password', { given: { password: 'another one' } }, 'reason 15: the password is wrong'],
    ['a network that is away', { given: { ssid: 'elsewhere' } }, 'reason 201: it does not see the network'],
    ['a network without addresses', { network: { dhcpMs: null } }, 'has joined and has no IP address'],
    [
      'an access point that is silent',
      { network: { reachable: false }, joinMs: 9_000 },
      'it is still joining',
    ],
    ['a unit that refuses', { faults: answer('join', 'refuse') }, 'reason 203: the access point refused it'],
  ])('says that %s is the reason', async (_name, what, reason) => {
    const text = await failing({ method, ...what });
    expect(text).toContain('provisioning-refused: AA:BB:CC:DD:01:02 refused at the stage "join"');
    expect(text).toContain(reason);
  });

  it.each(['mode', 'network', 'join'])('ends with ble-lost when the link breaks at: %s', async (at) => {
    expect(await failing({ method, faults: answer(at, 'drop') })).toContain('ble-lost');
  });

  it('leaves it to the registry whether a unit has a token at which the link broke', async () => {
    using unit = new UnitOnLink(method, { faults: answer('token', 'drop') });
    const { isConfirmed, stages } = await provision(unit, { method });
    expect(isConfirmed).toBe(false);
    expect(stages.at(-1)).toEqual({
      stage: 'token',
      said: 'written; the connection broke before the answer',
    });
  });

  it('asks again when the report about the network is lost', async () => {
    using unit = new UnitOnLink(method, { faults: answer('join', 'lose', { times: 1 }) });
    expect(await provision(unit, { method })).toMatchObject({ ssid: GIVEN.ssid, isConfirmed: true });
  });

  it.each([
    ['garbage', '2 bytes are no frame'],
    ['wrong-sequence', 'was expected'],
    ['lose-fragment', 'was expected'],
  ])('refuses what a unit sends in place of its report: %s', async (does, reason) => {
    const text = await failing({ method, faults: answer('join', does) });
    expect(text).toContain('device-garbled');
    expect(text).toContain(reason);
  });
});

describe('BluFi', () => {
  it.each<[string, Partial<BlufiSettings>]>([
    ['without checksum', { checksum: false }],
    ['without encryption', { encrypt: false }],
    ['without either', { encrypt: false, checksum: false }],
    ['with confirmations of each frame', { acks: true }],
  ])('works %s', async (_name, blufi) => {
    using unit = new UnitOnLink('blufi', { mtu: 23 });
    const report = await provision(unit, { method: 'blufi', blufi });
    expect(report.isConfirmed).toBe(true);
    await expect.poll(() => unit.reported).toEqual([GIVEN.token]);
    const clear = unit.said.join().includes(Buffer.from(GIVEN.password).subarray(0, 12).toString('hex'));
    expect(clear).toBe(blufi.encrypt === false);
    // Where it is sent in clear, it is a secret all the same.
    const shown = unit.said.filter(
      (value) => value.startsWith('>') && !unit.secrets.includes(value.slice(1)),
    );
    expect(shown.join()).not.toContain(Buffer.from(GIVEN.password).subarray(0, 4).toString('hex'));
  });

  it.each(['blufi', 'blufi-v2'] as const)(
    'measures with how much the unit sees the network: %s',
    async (method) => {
      using unit = new UnitOnLink(method);
      expect(await provision(unit, { method, blufi: { wifiList: true } })).toMatchObject({ rssiDbm: -51 });
    },
  );

  it('refuses a unit that does not see the network', async () => {
    const text = await failing({ method: 'blufi', blufi: { wifiList: true }, given: { ssid: '5 GHz' } });
    expect(text).toContain('at the stage "Wi-Fi list": it does not see the network among 2');
  });

  it('puts the token in the text of the recipe', async () => {
    using unit = new UnitOnLink('blufi');
    await provision(unit, { method: 'blufi', blufi: { customData: '{"token":"{token}"}' } });
    await expect.poll(() => unit.reported).toEqual([GIVEN.token]);
  });

  it.each([
    ['blufi', 'blufi-v2', 'has BluFi 1.4, which does not agree keys by security v1'],
    ['blufi-v2', 'blufi', 'has BluFi 1.3, which does not agree keys by security v2'],
  ] as const)('names the method of a unit with the other security: %s', async (method, unit, reason) => {
    expect(await failing({ method, unit })).toContain(reason);
  });

  it.each(['version', 'key', 'list', 'state'])('says that a unit is silent: %s', async (at) => {
    const text = await failing({ method: 'blufi', blufi: { wifiList: true }, faults: answer(at, 'lose') });
    expect(text).toContain('device-silent');
  });

  it('says that a frame was not confirmed', async () => {
    const text = await failing({ method: 'blufi', blufi: { acks: true }, faults: answer('ack', 'lose') });
    expect(text).toContain(
      'device-silent: AA:BB:CC:DD:01:02 sent nothing about the confirmation of control 02',
    );
  });

  it.each(['version', 'key', 'list', 'join'])(
    'ends with ble-lost when the link breaks at: %s',
    async (at) => {
      const text = await failing({ method: 'blufi', blufi: { wifiList: true }, faults: answer(at, 'drop') });
      expect(text).toContain('ble-lost');
    },
  );

  it('refuses a wrong checksum', async () => {
    const text = await failing({ method: 'blufi', faults: answer('join', 'wrong-checksum') });
    expect(text).toContain('device-garbled');
    expect(text).toContain('the checksum of a frame is wrong');
  });

  it.each(Array.from({ length: 14 }, (_, code) => code))('tells what error %d means', async (code) => {
    const text = await failing({ method: 'blufi', faults: answer('network', 'error', { code }) });
    expect(text).toContain(
      `device-rejected: AA:BB:CC:DD:01:02 reported error ${code.toString(16).padStart(2, '0')}`,
    );
    expect(text.includes('(')).toBe(code <= 12);
  });

  it('tells that the unit cannot scan', async () => {
    const text = await failing({
      method: 'blufi',
      blufi: { wifiList: true },
      faults: answer('list', 'refuse'),
    });
    expect(text).toContain('reported error 0b (it cannot scan for networks)');
  });
});

describe('the dialects of Tencent', () => {
  const COMBO = { method: 'tencent-combo' } as const;
  it.each<[string, TokenReply, string]>([
    ['a token that the cloud refuses', { code: 6, status: 'token does not exist' }, 'status 6'],
    ['a cloud that does not answer', 'no-reply', 'status 408'],
    ['a unit that is not online', 'not-sent', 'status 503'],
  ])('tells the status of %s', async (_name, reply, status) => {
    expect(await failing({ ...COMBO, reply })).toContain(`refused at the stage "token": ${status}`);
  });

  it('leaves it to the registry when the unit does not tell the state of its binding', async () => {
    using unit = new UnitOnLink('tencent-llsync7', { faults: answer('token', 'lose') });
    expect(await provision(unit, { method: 'tencent-llsync7' })).toMatchObject({ isConfirmed: false });
    expect(unit.reported).toEqual([GIVEN.token]);
  });

  it.each([
    ['tencent-combo', 'tencent-llsync7'],
    ['tencent-llsync7', 'tencent-combo'],
  ] as const)('ends without a report for a unit of the other dialect: %s', async (method, unit) => {
    const text = await failing({ method, unit, joinMs: 20_000 });
    expect(text).toMatch(/device-silent: AA:BB:CC:DD:01:02 sent no report about its network in 20000 ms/);
  });

  it.each([
    ['{"status":0,"productID":"A","deviceName":"b"}', '0'],
    ['{"status":6}', '6'],
    ['{"productId":"A","deviceName":"b"}', 'named'],
    ['{"status":"0","productId":"A"}', ''],
    ['{"deviceName":"b"}', ''],
    ['no JSON', ''],
  ])('takes the state of the binding from %s', (text, state) => {
    expect(summarize(TENCENT_LLSYNC7.token, Buffer.from(text), TENCENT_LLSYNC7, '')).toBe(state);
  });

  it.each([
    ['the document', true, `${GIVEN.token}`],
    ["Tencent's app", false, `{"cmdType":3,"token":"${GIVEN.token}"}`],
  ])('writes the token as %s does', async (_who, isSilent, text) => {
    const faults = isSilent ? answer('version', 'lose') : [];
    using unit = new UnitOnLink('tencent-llsync7', { mtu: 247, faults });
    await provision(unit, { method: 'tencent-llsync7' });
    expect(unit.reported).toEqual([GIVEN.token]);
    const ssid = Buffer.from(GIVEN.ssid).toString('hex');
    const password = Buffer.from(GIVEN.password).toString('hex');
    const token = Buffer.from(text).toString('hex');
    expect(unit.said.filter((value) => value.startsWith('>'))).toEqual([
      '>1c000000',
      '>0808010101',
      `>0900020e${ssid}`,
      `>0d000315${password}`,
      '>0c000400',
      `>4d0005${text.length.toString(16)}${token}`,
    ]);
  });
});

it('keeps data with a piece of a secret out of the recording, when a unit says it again', () => {
  const mask = new SecretMask();
  const changes: string[] = [];
  mask.onHold((change) => void changes.push(change));
  const guard = new PieceGuard(mask, [GIVEN.password, GIVEN.token, '']);
  for (const value of ['0904xxorrect hxx', '3d04..no piece', '4d04..v3_0', '4d04..abcd'])
    guard.receive(Buffer.from(value));
  expect(changes).toEqual(['hold']);
  guard[Symbol.dispose]();
  expect(changes).toEqual(['hold', 'release']);
  const concealed = mask.concealed.map((form) => Buffer.from(form).toString());
  expect(concealed).toContain('xxorrect hxx');
  expect(concealed).toContain('..v3_0');
  expect(concealed).toContain('..abcd');
  expect(concealed.join()).not.toContain('no piece');
});
