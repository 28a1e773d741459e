import { describe, expect, it } from 'vitest';
import { SecretMask } from '../../../../../../station/core/secret-mask/index.ts';
import {
  BLE_PROVISIONING,
  type ProvisioningReport,
} from '../../../../../../station/devices/protocols/index.ts';
import { faultOf } from '../../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../../support/never-aborted.ts';
import { VirtualClock } from '../../../../../support/virtual-clock.ts';
import { type Script, scriptedConnection } from './scripted-connection.ts';

const FFF0 = '0000FFF0-65D0-4E20-B56A-E493541BA4E2';
const FFE8 = '0000FFE8-65D0-4E20-B56A-E493541BA4E2';

/** A run of LLSync SDK 1.6.3, component qcloud_llsync of Ai-Thinker-WB2: what it was written and what it notified. */
const SDK_RUN: Script = [
  ['FFE1 e0', '08 0009 02 80f7 05 4465763031'],
  ['FFE1 09 00f7'],
  ['FFE1 e1 01', 'e0 0001 00'],
  ['FFE1 e2 0011 07 74656e63656e74 08 3132333435363738', 'e1 0001 00'],
  ['FFE1 e3', 'e2 000b 01 00 00 07 74656e63656e74'],
  ['FFE1 e4 000f 546f6b656e2d303132333435363738', 'e3 0001 00'],
];
const GIVEN = { ssid: 'tencent', password: '12345678', token: 'Token-012345678' };

interface Ways {
  readonly services?: readonly string[];
  readonly mtu?: number;
  readonly given?: Partial<typeof GIVEN>;
  readonly deviceName?: string;
  readonly drop?: string;
}

function provision(
  script: Script,
  { services = [FFF0], mtu = 247, given = {}, deviceName = 'Dev01', drop }: Ways = {},
): { readonly written: readonly string[]; readonly report: Promise<ProvisioningReport> } {
  const clock = new VirtualClock();
  const connection = scriptedConnection(services, script, { mtu, ...(drop === undefined ? {} : { drop }) });
  const report = BLE_PROVISIONING.llsync.provision(
    { connection, clock, mask: new SecretMask() },
    { ...GIVEN, ...given },
    { deviceName, answerMs: 5000, joinMs: 65_000 },
    NEVER_ABORTED,
  );
  return { written: connection.written, report: report.finally(() => clock[Symbol.dispose]()) };
}

/** The script with another answer to a write that begins so. */
function answering(write: string, ...answers: string[]): Script {
  return SDK_RUN.map((line) => (line[0].startsWith(`FFE1 ${write}`) ? [line[0], ...answers] : line));
}

describe('provisioning by LLSync', () => {
  it('writes what SDK 1.6.3 was written, and reads what it notified', async () => {
    const { written, report } = provision(SDK_RUN);
    expect(await report).toEqual({
      name: 'Dev01',
      ssid: 'tencent',
      isConfirmed: true,
      stages: [
        { stage: 'device information', said: 'version 2, MTU 247, name Dev01' },
        { stage: 'Wi-Fi mode', said: 'done' },
        { stage: 'network and password', said: 'done' },
        { stage: 'join', said: 'joined' },
        { stage: 'token', said: 'done' },
      ],
    });
    expect(written).toEqual([
      'FFE1 e0',
      'FFE1 0900f7',
      'FFE1 e101',
      'FFE1 e200110774656e63656e74083132333435363738 (secret)',
      'FFE1 e3',
      'FFE1 e4000f546f6b656e2d303132333435363738 (secret)',
    ]);
  });

  it('tells a unit with both services that the app is ready', async () => {
    const { written, report } = provision(SDK_RUN, { services: ['180A', FFE8] });
    await report;
    expect(written.slice(0, 2)).toEqual(['FFE1 0c', 'FFE1 e0']);
  });

  it.each([
    [
      'in slices where the MTU is 23',
      { ssid: 'abcdefghijkl', password: '0123456789abcdefghij' },
      ['e240110c6162636465666768696a6b6c14303132', 'e2c011333435363738396162636465666768696a'],
    ],
    ['with a Chinese name', { ssid: '测试网' }, ['e2001309e6b58be8af95e7bd91083132333435363738']],
    ['open', { ssid: 'A', password: '' }, ['e20003014100']],
  ])('writes a network as the SDK reads it: %s', async (_, given, slices) => {
    const mtu = slices.length > 1 ? 23 : 247;
    const { written, report } = provision([...SDK_RUN.slice(0, 1), ...SDK_RUN.slice(2, 3)], { given, mtu });
    // This script ends here, so that the unit stays silent.
    expect((await faultOf(() => report)).code).toBe('device-silent');
    expect(written.slice(-slices.length)).toEqual(slices.map((slice) => `FFE1 ${slice} (secret)`));
  });

  it.each([
    ['e1', 'e0 0001 01', 'Wi-Fi mode', 'result 1'],
    ['e2', 'e1 0001 01', 'network and password', 'result 1'],
    ['e3', 'e2 0005 01 01 00 01 41', 'join', 'state 1'],
    ['e4', 'e3 0001 01', 'token', 'result 1'],
  ])(
    'fails with the stage and the log of the unit when it refuses %s',
    async (write, answer, stage, reason) => {
      const script: Script = [...answering(write, answer), ['FFE1 e5', 'e4 0008 6e6f206572726f72']];
      const at = script.findIndex(([line]) => line.startsWith(`FFE1 ${write}`));
      const { written, report } = provision([...script.slice(0, at + 1), ...script.slice(-1)]);
      expect(await faultOf(() => report)).toMatchObject({
        code: 'provisioning-refused',
        message: `AA:BB:CC:DD:EE:FF refused at the stage "${stage}": ${reason}; its log: no error`,
        details: { stage, 'meaning.en': reason },
      });
      expect(written.at(-1)).toBe('FFE1 e5');
    },
  );

  it('gives no token and no password to a unit with another name', async () => {
    const { written, report } = provision(SDK_RUN, { deviceName: 'Dev02' });
    expect((await faultOf(() => report)).code).toBe('read-back-mismatch');
    expect(written.join()).not.toContain('secret');
  });

  it('refuses a unit without the services', async () => {
    const { report } = provision(SDK_RUN, { services: ['180A'] });
    expect((await faultOf(() => report)).code).toBe('device-rejected');
  });

  it('says what came instead of an answer', async () => {
    const { report } = provision(answering('e1', 'e0 0009 00'));
    expect(await faultOf(() => report)).toMatchObject({
      code: 'device-garbled',
      message: expect.stringContaining('E0000900: its length says 9 bytes, and 1 bytes came') as string,
    });
  });

  it('leaves to the registry whether a unit has the token when the connection broke after it was written', async () => {
    const drop = 'FFE1 e4000f546f6b656e2d303132333435363738';
    expect(await provision(SDK_RUN, { drop }).report).toMatchObject({ isConfirmed: false });
    expect(await faultOf(() => provision(SDK_RUN, { drop: 'FFE1 e3' }).report)).toMatchObject({
      code: 'ble-lost',
      message: expect.stringContaining('while the station awaited report about its network') as string,
    });
  });
});
