import { describe, expect, it } from 'vitest';

import { userFrame } from '../../../../simulator/parts/voice/index.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { expectBytes } from '../../support/frames.ts';
import { awake } from './awake.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
/** Light on, light off, louder: word id, light, volume. */
const heard = (...data: number[]): string => userFrame(0x40, Buffer.from(data)).toString('hex');
const HANDSHAKE = hex('a50f0000a00300cfe8ff');
const RESET = hex('a5a55a5a000001050000000078563412');

const start = (options: Parameters<typeof TestSimulator.start>[0] = {}): Promise<TestSimulator> =>
  TestSimulator.start({ profile: 'voice-su63t', ...options });

describe('an SU-63T', () => {
  it('reports that it is ready, its MAC and its version', async () => {
    await using simulator = await start();
    await using terminal = await simulator.seeBoot();
    await expectBytes(terminal, userFrame(0x42, Buffer.of(1, 0, 3)).toString('hex'));
    await terminal.write(userFrame(0x01));
    const mac = simulator.inner.units[0]!.mac.replaceAll(':', '');
    await expectBytes(terminal, userFrame(0x81, hex(mac)).toString('hex'));
    await terminal.write(userFrame(0x02));
    await expectBytes(terminal, userFrame(0x82, Buffer.of(1, 0, 3)).toString('hex'));
    for (const frame of [0x01, 0x42, 0x40])
      expect(userFrame(frame, Buffer.alloc(6)).length).toBeLessThanOrEqual(16);
  });

  it('reports a spoken word, and one that is played over its UART', async () => {
    await using simulator = await start();
    await using terminal = await awake(simulator);
    await simulator.inner.stimulate(1, { kind: 'hear', word: '打开灯光' });
    await expectBytes(terminal, heard(0x10, 1, 3));
    await terminal.write(userFrame(0x03, Buffer.of(0x11)));
    await expectBytes(terminal, userFrame(0x83, Buffer.of(0)).toString('hex') + heard(0x11, 0, 3));
    await terminal.write(userFrame(0x04));
    await expectBytes(terminal, userFrame(0x84, Buffer.of(0, 0, 3)).toString('hex'));
  });

  it('requires its wake word before some commands, and sleeps again', async () => {
    await using simulator = await start({ timeScale: 0.02 });
    await using terminal = await awake(simulator);
    await terminal.write(userFrame(0x03, Buffer.of(0x12)));
    await expectBytes(terminal, userFrame(0x83, Buffer.of(2)).toString('hex'));
    await simulator.inner.stimulate(1, { kind: 'hear', word: '增大音量' });
    await simulator.inner.stimulate(1, { kind: 'hear', word: '今天天气怎么样' });
    await simulator.inner.stimulate(1, { kind: 'hear', word: '你好小智' });
    await expectBytes(terminal, heard(0x01, 0, 3));
    await simulator.inner.stimulate(1, { kind: 'hear', word: '增大音量' });
    await expectBytes(terminal, heard(0x12, 0, 4));
    await expectBytes(terminal, userFrame(0x41).toString('hex'));
    await terminal.write(userFrame(0x03, Buffer.of(0x12)));
    await expectBytes(terminal, userFrame(0x83, Buffer.of(2)).toString('hex'));
  });

  it('refuses unknown commands, and does not answer damaged frames', async () => {
    await using simulator = await start();
    await using terminal = await awake(simulator);
    const refused = (...data: number[]): string => userFrame(0xff, Buffer.from(data)).toString('hex');
    await terminal.write(userFrame(0x77));
    await expectBytes(terminal, refused(0x77, 1));
    await terminal.write(userFrame(0x01, Buffer.of(1)));
    await expectBytes(terminal, refused(0x01, 2));
    await terminal.write(userFrame(0x05, Buffer.of(6)));
    await expectBytes(terminal, refused(0x05, 3));
    await terminal.write(userFrame(0x03, Buffer.of(0x7e)));
    await expectBytes(terminal, userFrame(0x83, Buffer.of(1)).toString('hex'));
    const damaged = userFrame(0x01);
    damaged.writeUInt8(0, 4);
    await terminal.write(damaged);
    await terminal.write(userFrame(0x05, Buffer.of(5)));
    await terminal.expect(new RegExp(`^${userFrame(0x85, Buffer.of(5)).toString('latin1')}`));
  });

  it('measures its microphone, with and without drift', async () => {
    await using simulator = await start();
    await using terminal = await awake(simulator);
    const measure = async (): Promise<number> => {
      await terminal.write(userFrame(0x06));
      const [high, low] = await expectBytes(terminal, 'aa 55 03 86 .. ..');
      return high! * 256 + low!;
    };
    const usual = await measure();
    expect(Math.abs(usual - 1_200)).toBeLessThanOrEqual(20);
    await simulator.inner.changeFaults(1, { add: [{ fault: 'drift', value: 'microphone', by: -700 }] });
    expect(usual - (await measure())).toBeGreaterThan(650);
  });

  it('deaf: replies, but recognises no word', async () => {
    await using simulator = await start({ faults: { units: { '1': [{ fault: 'deaf' }] } } });
    await using terminal = await awake(simulator);
    await simulator.inner.stimulate(1, { kind: 'hear', word: '打开灯光' });
    await terminal.write(userFrame(0x03, Buffer.of(0x10)));
    await expectBytes(terminal, userFrame(0x83, Buffer.of(0)).toString('hex'));
    await terminal.write(userFrame(0x06));
    await expectBytes(terminal, 'aa 55 03 86 .. ..');
    expect(terminal.all).not.toContain(hex(heard(0x10, 1, 3)).toString('latin1'));
  });

  it('has no bootloader on its UART, because it is programmed over USB', async () => {
    await using simulator = await start();
    await using terminal = await awake(simulator);
    await terminal.write(RESET);
    await terminal.write(HANDSHAKE);
    await terminal.write(userFrame(0x02));
    await terminal.expect(new RegExp(`^${userFrame(0x82, Buffer.of(1, 0, 3)).toString('latin1')}`));
  });
});
