import { describe, expect, it } from 'vitest';
import { LlsyncDevice, type LlsyncValue } from '../../../../../../station/devices/protocols/index.ts';
import { faultOf } from '../../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../../support/never-aborted.ts';
import { VirtualClock } from '../../../../../support/virtual-clock.ts';
import { type Script, scriptedConnection } from './scripted-connection.ts';
import { keysOf } from './unit-on-link.ts';

const FFE0 = '0000FFE0-65D0-4E20-B56A-E493541BA4E2';
const NONCE = 0x11223344;
const WITHIN_MS = 5000;

/**
 * A run of the LLSync SDK before 1.4 (protocol version 1), component of TobudOS, at an MTU of 23: what it was written, and what it
 * notified then, also unasked.
 */
const SDK_RUN: Script = [
  ['FFE1 000008112233445f3279fa', '054011353cf65437fd6d82e2b05bd8912652d236', '05c0084940394465763031'],
  ['FFE1 02000d02a1b2c3d40102030405060708'],
  ['FFE1 0140115f3279faacdbad9b1f5f8a2ec2cae0f435'],
  ['FFE1 01c00703a835add4b3c9', '064011f9fbfa15453c101afd3fc081db23d1a000', '06c008f84a4a4465763031'],
  ['FFE1 05', '080003010014'],
  ['FFE2 004011000121ffffffd842001ee781afe781afe7'],
  ['FFE2 00801181afe781afe781afe781afe781afe781af'],
  [
    'FFE2 00c00ee781afe781af630000aa41840003',
    '01000100',
    '004011000121ffffffd842001ee781afe781afe7',
    '00801181afe781afe781afe781afe781afe781af',
    '00c00ee781afe781af630000aa41840003',
  ],
  ['FFE2 2000', '02'],
  [
    'FFE2 22000000',
    '0340110180000241002878787878787878787878',
    '0380110178787878787878787878787878787878',
    '03c00f017878787878787878787878787878',
  ],
  ['FFE2 6100'],
  ['FFE2 8000052000000003', '04000c000020ffffffd82100000003'],
  ['FFE2 80000520fffffffd', '04000101'],
  ['FFE2 814011200000000541003c6c6f6e67206c6f6e67'],
  ['FFE2 818011206c6f6e67206c6f6e67206c6f6e67206c'],
  ['FFE2 8180116f6e67206c6f6e67206c6f6e67206c6f6e'],
  ['FFE2 81c01167206c6f6e67206c6f6e67206c6f6e6720', '04000c000120ffffffd82100000005'],
  ['FFE2 0000020901', '01000101'],
  ['FFE1 0440110a2d2f30556e6774c7e4269e9439336d74'],
  ['FFE1 04c0038a1ceb', '0740111d0a0700d44479ca579c7e8a7a0dc3bbc3', '07c003a4a9ca'],
  ['FFE1 07'],
];

describe('data of LLSync', () => {
  it('is written as the SDK before 1.4 was written, and what it notified is read', async () => {
    using clock = new VirtualClock();
    const connection = scriptedConnection([FFE0], SDK_RUN);
    const options = { keys: keysOf(), answerMs: WITHIN_MS };
    using device = await LlsyncDevice.open({ connection, clock }, options, NEVER_ABORTED);
    const control = (values: readonly LlsyncValue[]): Promise<void> => device.control(values, NEVER_ABORTED);
    const act = (id: number, input: readonly LlsyncValue[]): Promise<readonly LlsyncValue[]> =>
      device.act(id, input, WITHIN_MS, NEVER_ABORTED);
    const int = (id: number, value: number): LlsyncValue => ({ id, type: 'int', value });
    const temperature: LlsyncValue = { id: 3, type: 'float', value: 21.25 };

    expect(await device.bind(NONCE, WITHIN_MS, NEVER_ABORTED)).toBeNull();
    expect(await device.connect(NEVER_ABORTED)).toEqual({
      protocolVersion: 1,
      mtuBytes: 20,
      wantsMtu: false,
      text: '',
    });
    await control([
      { id: 0, type: 'bool', value: true },
      int(1, -40),
      { id: 2, type: 'string', value: '灯'.repeat(10) },
      temperature,
      { id: 4, type: 'enum', value: 3 },
    ]);
    expect(await device.report(3, () => true, WITHIN_MS, NEVER_ABORTED)).toEqual(temperature);
    expect(await device.event(1, WITHIN_MS, NEVER_ABORTED)).toEqual([
      { id: 0, type: 'enum', value: 2 },
      { id: 1, type: 'string', value: 'x'.repeat(40) },
    ]);
    expect(await act(0, [int(0, 3)])).toEqual([int(0, -40), int(1, 3)]);
    expect((await faultOf(() => act(0, [int(0, -3)]))).message).toMatch(/action 0 failed \(1\)$/u);
    const long: LlsyncValue = { id: 1, type: 'string', value: 'long '.repeat(12) };
    expect(await act(1, [int(0, 5), long])).toEqual([int(0, -40), int(1, 5)]);
    const unknown = (): Promise<void> => control([{ id: 9, type: 'bool', value: true }]);
    expect((await faultOf(unknown)).message).toMatch(/control failed \(1\)$/u);
    await device.unbind(NEVER_ABORTED);
    expect(connection.written.map((text) => text.replace(' (secret)', ''))).toEqual(
      SDK_RUN.map(([write]) => write),
    );
  });
});
