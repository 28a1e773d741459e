import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bootFrame, crc16 } from '../../../../simulator/parts/ci130x/index.ts';
import { delay } from '../../../../simulator/platform/index.ts';
import { FrameScanner, userFrame, type Scanned } from '../../../../simulator/parts/voice/index.ts';
import { soon } from '../../../support/patience.ts';
import { until } from '../../../support/until.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const LONGEST = 16;
const LONGER_THAN_A_PAUSE_MS = 700;

describe("the CI130x bootloader's frames", () => {
  it('are those of the published tool', () => {
    expect(crc16(Buffer.from('123456789'))).toBe(0x31c3);
    expect(bootFrame(0xa0, 0x03)).toEqual(hex('a50f0000a00300cfe8ff'));
    expect(bootFrame(0xb0, 0x03)).toEqual(hex('a50f0000b00300acabff'));
  });
});

describe("the sample product's frames", () => {
  it('carry their length and a checksum', () => {
    // Computed with Python's binascii.crc_hqx.
    expect(userFrame(0x01)).toEqual(hex('aa550101211055aa'));
    expect(userFrame(0x40, hex('100103'))).toEqual(hex('aa550440100103ad2e55aa'));
    expect(userFrame(0x81, hex('a2b716ca2c1d'))).toEqual(hex('aa550781a2b716ca2c1d056d55aa'));
  });

  it('are found among other bytes, however they are split, and nothing is lost', () => {
    const frame = fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: LONGEST - 8 }));
    const part = fc.oneof(
      frame.map(([command, data]) => ({ bytes: userFrame(command, data), command, data: Buffer.from(data) })),
      // Text: it holds no byte that a frame could begin with.
      fc
        .string({ unit: 'grapheme-ascii', minLength: 1 })
        .map((text) => ({ bytes: Buffer.from(text, 'latin1') })),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (parts, sizes) => {
          const scanner = new FrameScanner(LONGEST);
          const whole = Buffer.concat(parts.map(({ bytes }) => bytes));
          const found: Scanned[] = [];
          for (let at = 0; at < whole.length;) {
            const size = sizes.next().value ?? 1;
            found.push(...scanner.push(whole.subarray(at, at + size)));
            at += size;
          }
          const frames = found
            .filter((one) => one.kind === 'user')
            .map(({ command, data }) => [command, Buffer.from(data)]);
          expect(frames).toEqual(parts.flatMap((one) => ('command' in one ? [[one.command, one.data]] : [])));
          const text = found.flatMap((one) => (one.kind === 'other' ? [Buffer.from(one.bytes)] : []));
          expect(Buffer.concat(text)).toEqual(
            Buffer.concat(parts.flatMap((one) => ('command' in one ? [] : [one.bytes]))),
          );
        },
      ),
    );
  });

  it('are noise when their rest does not come in time', async () => {
    const [start, rest] = [userFrame(0x02).subarray(0, 5), userFrame(0x02).subarray(5)];
    const scanner = new FrameScanner(LONGEST);
    expect([...scanner.push(start), ...scanner.push(rest)]).toMatchObject([{ kind: 'user', command: 0x02 }]);
    // The scanner does not count a pause in which its process got no processor: the test tries again.
    const found = await until(async () => {
      expect(scanner.push(start)).toEqual([]);
      await delay(LONGER_THAN_A_PAUSE_MS, soon());
      const [first] = scanner.push(rest);
      return first?.kind === 'other' && first;
    }, 'a pause that cuts a frame off');
    // Its last byte, aa, may begin the next frame.
    const noise = Buffer.concat([start, rest]).subarray(0, -1);
    expect(Buffer.from(found.kind === 'other' ? found.bytes : [])).toEqual(noise);
  });

  it('are ignored when they are wrong or too long, and the next one is found', () => {
    const good = userFrame(0x02);
    const wrong = Buffer.from(userFrame(0x04));
    wrong.writeUInt8(wrong.readUInt8(4) ^ 1, 4);
    const long = userFrame(0x05, Buffer.alloc(LONGEST));
    for (const noise of [wrong, long, hex('aa'), hex('a50fffff')]) {
      const scanner = new FrameScanner(LONGEST);
      const found = [
        ...scanner.push(noise),
        ...scanner.push(good),
        ...scanner.push(Buffer.from('\r\n'.repeat(8))),
      ];
      expect(
        found.filter(({ kind }) => kind === 'user'),
        noise.toString('hex'),
      ).toMatchObject([{ command: 0x02 }]);
    }
  });

  it('never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (chunks) => {
        const scanner = new FrameScanner(32);
        for (const chunk of chunks) scanner.push(chunk);
      }),
    );
  });
});
