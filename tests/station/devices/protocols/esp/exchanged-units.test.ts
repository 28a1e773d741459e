import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../../../station/core/platform/index.ts';
import { createEspProtocol } from '../../../../../station/devices/protocols/esp/index.ts';
import type { FlashImage, FlashJob } from '../../../../../station/devices/protocols/flashing/index.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { EspSocket } from './esp-socket.ts';
import { ScriptedEsp } from './scripted-esp.ts';

/** Waits end at once, after whatever is under way. */
const clock: Clock = {
  nowMs: () => 0,
  monotonicMs: () => performance.now(),
  sleep: async (_ms, signal) => {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  },
};

const BOOT: FlashImage = {
  name: 'bootloader.bin',
  offset: 0,
  bytes: Buffer.from('a bootloader '.repeat(1500)),
};
const APP: FlashImage = { name: 'app.bin', offset: 0x1_0000, bytes: randomBytes(100_001) };

function job(images: readonly FlashImage[]): FlashJob {
  return {
    chip: 'esp32c3',
    images,
    updater: null,
    baudRate: 921_600,
    portBaudRate: 115_200,
    verify: 'auto',
    clock,
    trace: () => undefined,
  };
}

describe('a flash job', () => {
  it('does not go on in another unit than the one that it began with', async () => {
    const other = new ScriptedEsp({ mac: '24587CD00999' });
    let blocks = 0;
    const first = new ScriptedEsp({
      onBlock: () => {
        // The first image is proven; in the second one the unit is taken out.
        blocks += 1;
        if (blocks < 3) return undefined;
        socket.put(other);
        return 'drop';
      },
    });
    const socket = new EspSocket(first);
    const fault = await faultOf(() =>
      createEspProtocol().flash(socket, job([BOOT, APP]), () => undefined, NEVER_ABORTED),
    );
    expect(fault).toMatchObject({ code: 'identity-conflict', details: { because: 'unit-exchanged' } });
    expect(other.flash.every((byte) => byte === 0xff)).toBe(true);
  });

  it('refuses images of which one would erase a part of another', async () => {
    const chip = new ScriptedEsp();
    const inside: FlashImage = { name: 'table.bin', offset: 0x1_8000, bytes: Buffer.alloc(100, 'table ') };
    const fault = await faultOf(() =>
      createEspProtocol().flash(chip, job([APP, inside]), () => undefined, NEVER_ABORTED),
    );
    expect(fault).toMatchObject({ code: 'bad-input' });
    expect(chip.flash.every((byte) => byte === 0xff)).toBe(true);
  });
});
