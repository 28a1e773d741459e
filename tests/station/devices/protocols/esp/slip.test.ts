import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeEspFirmware } from '#simulator';
import { readAppDescription } from '../../../../../station/devices/protocols/esp/app-description.ts';
import { compressImage, cutBlocks } from '../../../../../station/devices/protocols/esp/compress.ts';
import { hasOddBits } from '../../../../../station/devices/protocols/esp/security.ts';
import { slipFrame, SlipReader } from '../../../../../station/devices/protocols/esp/slip.ts';

const content = fc.uint8Array({ minLength: 1, maxLength: 60 });

it('frames come back in any pieces, whatever comes before the first of them', () => {
  const text = fc.stringMatching(/^[ -~]{0,20}$/);
  fc.assert(
    fc.property(text, fc.array(content), fc.integer({ min: 1, max: 9 }), (before, frames, size) => {
      const line = Buffer.concat([Buffer.from(before), ...frames.map((frame) => slipFrame(frame))]);
      const read: Uint8Array[] = [];
      const reader = new SlipReader(100, (frame) => read.push(frame));
      for (let at = 0; at < line.length; at += size) reader.push(line.subarray(at, at + size));
      expect(read).toEqual(frames);
    }),
  );
});

it('a lost byte costs two frames at most, a frame that is too long only itself', () => {
  fc.assert(
    fc.property(fc.array(content, { minLength: 4, maxLength: 6 }), fc.nat(), (frames, seed) => {
      const line = Buffer.concat(frames.map((frame) => slipFrame(frame)));
      const lost = seed % line.length;
      const read: string[] = [];
      const reader = new SlipReader(100, (frame) => read.push(Buffer.from(frame).toString('hex')));
      reader.push(line.subarray(0, lost));
      reader.push(line.subarray(lost + 1));
      const wanted = frames.map((frame) => Buffer.from(frame).toString('hex'));
      expect(wanted.filter((frame) => !read.includes(frame)).length).toBeLessThanOrEqual(2);
    }),
  );
  const read: Uint8Array[] = [];
  const reader = new SlipReader(4, (frame) => read.push(frame));
  reader.push(Buffer.concat([slipFrame(new Uint8Array(5)), slipFrame(Uint8Array.of(1, 2))]));
  expect(read).toEqual([Uint8Array.of(1, 2)]);
});

it('the last block is never only the end of a compressed stream', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.integer({ min: 128, max: 400 }),
      (length, blockBytes) => {
        const bytes = Uint8Array.from({ length }, (_, index) => index & 0xff);
        const blocks = cutBlocks(bytes, blockBytes);
        expect(Buffer.concat(blocks).equals(bytes)).toBe(true);
        expect(Math.max(...blocks.map((block) => block.length))).toBeLessThanOrEqual(blockBytes);
        if (blocks.length > 1) expect(blocks.at(-1)?.length).toBeGreaterThanOrEqual(64);
      },
    ),
  );
});

it('tells of each block how much of the image it writes', async () => {
  const image = Buffer.concat([
    Buffer.alloc(40_000, 'text '),
    Buffer.from(Array.from({ length: 9000 }, (_, n) => (n * 7919) & 0xff)),
  ]);
  const blocks = await compressImage(image, 512);
  expect(blocks?.reduce((sum, { imageBytes }) => sum + imageBytes, 0)).toBe(image.length);
});

it('does not compress what does not get shorter', async () => {
  const random = randomBytes(300_000);
  expect(await compressImage(random, 16_384)).toBeNull();
  expect(await compressImage(random.subarray(0, 10_000), 16_384)).toBeNull();
  // An eighth of it is empty.
  expect(await compressImage(Buffer.from(random).fill(0xff, 200_000, 240_000), 16_384)).not.toBeNull();
});

it('reads what an application says of itself', () => {
  const files = makeEspFirmware({ chip: 'esp32c3', version: '1.2.3', project: 'lamp', codeBytes: 1024 });
  const app = files.find(({ name }) => name === 'lamp.bin')?.bytes ?? new Uint8Array();
  expect(readAppDescription(app)).toMatchObject({ project: 'lamp', version: '1.2.3' });
  expect(readAppDescription(new Uint8Array(400).fill(0xff))).toBeNull();
  expect(readAppDescription(app.subarray(0, 100))).toBeNull();
});

it('flash encryption is on with an odd number of bits', () => {
  expect([0, 1, 0b11, 0b111, 0x7f << 20].map(hasOddBits)).toEqual([false, true, false, true, true]);
});
