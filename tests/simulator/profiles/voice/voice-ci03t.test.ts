import { describe, it } from 'vitest';

import { bootFrame } from '../../../../simulator/parts/ci130x/index.ts';
import { userFrame } from '../../../../simulator/parts/voice/index.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { expectBytes } from '../../support/frames.ts';
import { awake } from './awake.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const HANDSHAKE = hex('a50f0000a00300cfe8ff');
const RESET = hex('a5a55a5a000001050000000078563412');
const RESET_ACKNOWLEDGED = 'a50f0000b00300acabff';

const start = (options: Parameters<typeof TestSimulator.start>[0] = {}): Promise<TestSimulator> =>
  TestSimulator.start({ profile: 'voice-ci03t', ...options });

describe('a CI-03T', () => {
  it('acknowledges a reset, and the handshake of the update tool in its bootloader', async () => {
    await using simulator = await start();
    await using terminal = await awake(simulator);
    // In its firmware it does not know it.
    await terminal.write(HANDSHAKE);
    await terminal.write(RESET);
    // A frame of its start may come late, before the acknowledgement.
    await terminal.expect(new RegExp(hex(RESET_ACKNOWLEDGED).toString('latin1')));
    await terminal.write(HANDSHAKE);
    await expectBytes(terminal, bootFrame(0xa2, 0x03).toString('hex'));
    // It stays in its bootloader: no firmware, no frames of it.
    await terminal.write(userFrame(0x02));
    await terminal.write(bootFrame(0xa0, 0x04));
    await expectBytes(terminal, 'a5 0f 2e 01 a2 04 00 02 01 02 00');
    await terminal.expect(/CI-03T\0+/);
    await terminal.expect(/jx_ci_03t_firmware_v1\.0\.3\0/);
    await terminal.write(bootFrame(0xa0, 0xa1));
    await expectBytes(terminal, bootFrame(0xa2, 0xa1).toString('hex'));
    await expectBytes(terminal, userFrame(0x42, Buffer.of(1, 0, 3)).toString('hex'));
  });

  it('accepts the handshake right after power-on, and ends an update that is not continued', async () => {
    await using simulator = await start();
    await using terminal = await awake(simulator);
    await simulator.inner.power(1, false);
    await simulator.inner.power(1, true);
    await terminal.write(HANDSHAKE);
    await expectBytes(terminal, bootFrame(0xa2, 0x03).toString('hex'));
    await expectBytes(terminal, userFrame(0x42, Buffer.of(1, 0, 3)).toString('hex'));
  });
});
