import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeEspFirmware } from '#simulator';
import type { Clock } from '../../../../../station/core/platform/index.ts';
import { createEspProtocol, withEspFlash } from '../../../../../station/devices/protocols/esp/index.ts';
import type {
  FlashImage,
  FlashJob,
  FlashProgress,
} from '../../../../../station/devices/protocols/flashing/index.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
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

const IMAGES: readonly FlashImage[] = [
  { name: 'bootloader.bin', offset: 0, bytes: Buffer.from('a bootloader '.repeat(1500)) },
  { name: 'app.bin', offset: 0x1_0000, bytes: randomBytes(100_001) },
];

function job(changes: Partial<FlashJob> = {}): FlashJob & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    chip: 'esp32c3',
    images: IMAGES,
    updater: null,
    baudRate: 921_600,
    portBaudRate: 115_200,
    verify: 'auto',
    clock,
    trace: (line) => lines.push(line),
    lines,
    ...changes,
  };
}

function holds({ flash }: ScriptedEsp, { offset, bytes }: FlashImage): boolean {
  return flash.subarray(offset, offset + bytes.length).equals(bytes);
}

describe('the loader of the ESP32 family', () => {
  it('writes images with the stub, proves them, and starts the application', async () => {
    const chip = new ScriptedEsp();
    const progress: FlashProgress[] = [];
    const work = job();
    const result = await createEspProtocol().flash(chip, work, (step) => progress.push(step), NEVER_ABORTED);
    expect(IMAGES.every((image) => holds(chip, image))).toBe(true);
    expect(result).toMatchObject({ chip: 'ESP32-C3', chipId: '24587CD00142', baudRate: 921_600 });
    expect(result.images).toMatchObject([
      { name: 'bootloader.bin', offset: 0, skipped: false, verifiedBy: 'md5' },
      { name: 'app.bin', offset: 0x1_0000, bytes: 100_001, skipped: false },
    ]);
    expect([...new Set(progress.map(({ stage }) => stage))]).toEqual([
      'connecting',
      'reading',
      'erasing',
      'writing',
      'verifying',
    ]);
    // The compressible image is sent compressed, the other one as it is.
    expect(chip.bytesReceived).toBeLessThan(125_000);
    expect(chip.commands).toEqual(expect.arrayContaining([0x10, 0x11, 0x02, 0x03]));
    expect(chip.speeds).toEqual([115_200, 921_600, 115_200]);
    expect(chip.lines.slice(-2)).toEqual(['false,true', '-,false']);
    expect(work.lines).toContain('stub runs');
  });

  it('does not write again what the flash holds, and tells what was there', async () => {
    const chip = new ScriptedEsp();
    await createEspProtocol().flash(chip, job(), () => undefined, NEVER_ABORTED);
    chip.commands.length = 0;
    const [boot, app] = IMAGES as [FlashImage, FlashImage];
    const other = { ...app, bytes: Buffer.concat([app.bytes.subarray(0, 90_000), randomBytes(10_001)]) };
    const again = job({ images: [boot, other] });
    const { images } = await createEspProtocol().flash(chip, again, () => undefined, NEVER_ABORTED);
    expect(images).toMatchObject([{ skipped: true, kbitPerSecond: null }, { skipped: false }]);
    expect(images[1]?.md5Before).toMatch(/^[0-9a-f]{32}$/);
    expect(chip.commands).not.toContain(0x10);
    expect(holds(chip, other)).toBe(true);
  });

  it.each([0x1000, 0x400])('writes through the ROM alone, in blocks of %d bytes', async (romBlockBytes) => {
    const chip = new ScriptedEsp({ romBlockBytes });
    const work = job({ verify: 'read-back' });
    const { images } = await createEspProtocol(false).flash(chip, work, () => undefined, NEVER_ABORTED);
    expect(chip.isStub).toBe(false);
    expect(IMAGES.every((image) => holds(chip, image))).toBe(true);
    expect(images.map(({ verifiedBy }) => verifiedBy)).toEqual(['read-back', 'read-back']);
    // The ROM would leave its loader.
    expect(chip.commands).not.toContain(0x12);
  });

  it('recognises an ESP32, which does not tell its number', async () => {
    const chip = new ScriptedEsp({ chipId: null });
    const result = await createEspProtocol().flash(
      chip,
      job({ chip: 'auto', images: [] }),
      () => undefined,
      NEVER_ABORTED,
    );
    expect(result.chip).toBe('ESP32');
  });

  it.each([
    ['secure boot', { flags: 1 }],
    ['secure download mode', { flags: 4 }],
    ['flash encryption', { cryptCount: 0b111 }],
  ])('refuses a chip with %s and writes nothing', async (locks, script) => {
    const chip = new ScriptedEsp(script);
    const fault = await faultOf(() => createEspProtocol().flash(chip, job(), () => undefined, NEVER_ABORTED));
    expect(fault).toMatchObject({ code: 'device-locked', details: { locks } });
    expect(chip.commands).not.toContain(0x05);
  });

  it.each(['esp32c3', 'esp32s3'] as const)('takes programs for its own chip only: %s', async (chip) => {
    const files = makeEspFirmware({ chip, version: '1.0.0', project: 'lamp', codeBytes: 4096 });
    for (const [name, offset] of [
      ['bootloader.bin', 0],
      ['lamp.bin', 0x1_0000],
    ] as const) {
      const bytes = files.find((file) => file.name === name)?.bytes ?? Buffer.alloc(0);
      const unit = new ScriptedEsp();
      const work = job({ images: [{ name, offset, bytes }] });
      const flashed = createEspProtocol().flash(unit, work, () => undefined, NEVER_ABORTED);
      if (chip === 'esp32c3') await flashed;
      else expect(await faultOf(() => flashed)).toMatchObject({ code: 'bad-input', details: { file: name } });
      expect(unit.flash.every((byte) => byte === 0xff)).toBe(chip !== 'esp32c3');
    }
  });

  it('does not take noise on the line for a lock', async () => {
    const chip = new ScriptedEsp({ noiseInFlags: 1 });
    const work = job();
    await createEspProtocol().flash(chip, work, () => undefined, NEVER_ABORTED);
    expect(IMAGES.every((image) => holds(chip, image))).toBe(true);
    expect(work.lines).toContainEqual(expect.stringContaining('told two things'));
  });

  it('refuses another chip than that of the recipe', async () => {
    const work = job({ chip: 'esp32s3' });
    const fault = await faultOf(() =>
      createEspProtocol().flash(new ScriptedEsp(), work, () => undefined, NEVER_ABORTED),
    );
    expect(fault).toMatchObject({ code: 'bad-input', details: { chip: 'esp32c3', wanted: 'esp32s3' } });
  });

  it('refuses an image that does not fit before it writes it', async () => {
    const images = [{ name: 'big.bin', offset: 0x3f_0000, bytes: randomBytes(0x1_0001) }];
    const chip = new ScriptedEsp();
    const fault = await faultOf(() =>
      createEspProtocol().flash(chip, job({ images }), () => undefined, NEVER_ABORTED),
    );
    expect(fault).toMatchObject({ code: 'bad-input', message: expect.stringContaining('big.bin') });
    expect(chip.commands).not.toContain(0x02);
  });

  it('sends a block again that came with an error', async () => {
    const chip = new ScriptedEsp({ onBlock: (nth) => (nth === 2 ? 'checksum' : undefined) });
    const result = await createEspProtocol().flash(chip, job(), () => undefined, NEVER_ABORTED);
    expect(result.baudRate).toBe(921_600);
    expect(IMAGES.every((image) => holds(chip, image))).toBe(true);
  });

  it.each(['drop', 'wrong'] as const)(
    'goes to a lower speed when blocks are lost or wrong: %s',
    async (fault) => {
      const chip = new ScriptedEsp({ onBlock: (_nth, baudRate) => (baudRate > 400_000 ? fault : undefined) });
      const result = await createEspProtocol().flash(chip, job(), () => undefined, NEVER_ABORTED);
      expect(result.baudRate).toBe(115_200);
      expect(IMAGES.every((image) => holds(chip, image))).toBe(true);
      expect(chip.speeds).toEqual(expect.arrayContaining([921_600, 460_800]));
    },
  );

  it('never reports success for a flash that holds other bytes', async () => {
    const chip = new ScriptedEsp({ onBlock: () => 'wrong' });
    const fault = await faultOf(() => createEspProtocol().flash(chip, job(), () => undefined, NEVER_ABORTED));
    expect(fault.code).toBe('flash-mismatch');
  });

  it('proves an image again when a command was changed on the line, and another image was written over it', async () => {
    let isChanged = false;
    const chip = new ScriptedEsp({
      onBegin: (offset) => {
        if (offset === 0 || isChanged) return offset;
        isChanged = true;
        return 0;
      },
    });
    await createEspProtocol().flash(chip, job(), () => undefined, NEVER_ABORTED);
    expect(isChanged).toBe(true);
    expect(IMAGES.every((image) => holds(chip, image))).toBe(true);
  });

  it('never reports success for a flash that is smaller than it says', async () => {
    const chip = new ScriptedEsp({ realBytes: 0x10_0000 });
    const data = { name: 'data.bin', offset: 0x11_0000, bytes: randomBytes(5000) };
    const fault = await faultOf(() =>
      createEspProtocol().flash(chip, job({ images: [...IMAGES, data] }), () => undefined, NEVER_ABORTED),
    );
    expect(fault).toMatchObject({ code: 'flash-mismatch', details: { file: 'app.bin, data.bin' } });
    expect(chip.speeds.filter((speed) => speed === 460_800)).toEqual([]);
  });

  it.each([0x1_0000, 0x1_0fff, 0x1_1000])(
    'says at once that the flash is defective where it keeps a wrong byte: at %i',
    async (stuckAt) => {
      const chip = new ScriptedEsp({ stuckAt });
      const images = [{ name: 'app.bin', offset: 0x1_0000, bytes: Buffer.alloc(10_000, 0xaa) }];
      const fault = await faultOf(() =>
        createEspProtocol().flash(chip, job({ images }), () => undefined, NEVER_ABORTED),
      );
      const sector = stuckAt < 0x1_1000 ? '0x10000' : '0x11000';
      expect(fault).toMatchObject({ code: 'flash-mismatch', details: { file: 'app.bin', sector } });
      expect(chip.speeds.filter((speed) => speed === 460_800)).toEqual([]);
    },
  );

  it('works on a port without control lines and without a speed', async () => {
    const chip = new ScriptedEsp({ hasLines: false });
    const work = job();
    await createEspProtocol().flash(chip, work, () => undefined, NEVER_ABORTED);
    expect(IMAGES.every((image) => holds(chip, image))).toBe(true);
    expect(work.lines).toContain('the port has no control lines: the chip is not reset');
    // A later job finds the stub running.
    await createEspProtocol().flash(chip, job(), () => undefined, NEVER_ABORTED);
  });

  it('reads, erases and hashes the flash', async () => {
    const chip = new ScriptedEsp();
    const content = randomBytes(10_000);
    content.copy(chip.flash, 0x9000);
    await withEspFlash(
      chip,
      job(),
      async (memory) => {
        expect(Buffer.from(await memory.read(0x9000, content.length)).equals(content)).toBe(true);
        await memory.erase(0x9000, 0x1000);
        expect(await memory.read(0x9000, 16)).toEqual(new Uint8Array(16).fill(0xff));
      },
      NEVER_ABORTED,
    );
  });

  it('does not take another place of the flash for the one that it has asked for', async () => {
    let readings = 0;
    const chip = new ScriptedEsp({ onRead: (offset) => ((readings += 1) === 1 ? 0x2_0000 : offset) });
    const content = randomBytes(5000);
    content.copy(chip.flash, 0x9000);
    const read = (): Promise<Uint8Array> =>
      withEspFlash(chip, job(), (memory) => memory.read(0x9000, content.length), NEVER_ABORTED);
    expect(await faultOf(read)).toMatchObject({ code: 'device-garbled' });
    expect(Buffer.from(await read()).equals(content)).toBe(true);
  });

  it('ends when it is stopped, and leaves the port as it was', async () => {
    const stop = new AbortController();
    const chip = new ScriptedEsp({
      onBlock: (nth) => {
        if (nth === 3) stop.abort();
        return undefined;
      },
    });
    const fault = await faultOf(() => createEspProtocol().flash(chip, job(), () => undefined, stop.signal));
    expect(fault.code).toBe('cancelled');
    expect(chip.speeds.at(-1)).toBe(115_200);
    expect(chip.lines.at(-1)).toBe('-,false');
    await createEspProtocol().flash(chip, job(), () => undefined, NEVER_ABORTED);
    expect(IMAGES.every((image) => holds(chip, image))).toBe(true);
  });
});
