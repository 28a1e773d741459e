import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FrameReader, frameOf } from '../../../../simulator/profiles/described-frames/frame.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import type { Terminal } from '../../../kit/terminal.ts';
import { expectBytes } from '../../support/frames.ts';
import { TRIPLE } from '../../support/online.ts';

const { productId, deviceName, secret } = TRIPLE;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const zeroEnded = (...texts: string[]): Buffer => Buffer.from(texts.map((text) => `${text}\0`).join(''));

async function expectAnswer(terminal: Terminal, payload: string | Uint8Array, answer: string): Promise<void> {
  await terminal.write(frameOf(Buffer.from(payload as string, 'hex')));
  await expectBytes(terminal, hex(frameOf(Buffer.from(answer, 'hex'))));
}

describe('a unit with frames', () => {
  it('has the frame of its document', () => {
    // CRC-16/XMODEM of 00 01 11, from Python's binascii.crc_hqx.
    expect(hex(frameOf(Buffer.of(0x11)))).toBe('5aa50001113121');
  });

  it('says who it is, takes an identity, shows its SHA-256 and forgets it', async () => {
    await using simulator = await TestSimulator.start({ profile: 'described-frames' });
    await using terminal = await simulator.seeBoot();
    await expectBytes(terminal, hex(frameOf(Buffer.of(0))));
    const mac = simulator.inner.units[0]!.mac.replaceAll(':', '').toLowerCase();
    await expectAnswer(terminal, '01', `81${mac}4731010000`);
    await expectAnswer(terminal, '11', '9100');
    const fields = hex(zeroEnded(productId, deviceName, secret));
    await expectAnswer(terminal, `10${fields}`, '9000');
    const digest = createHash('sha256').update(secret).digest('hex');
    await expectAnswer(terminal, '11', `9101${hex(zeroEnded(productId, deviceName))}${digest}`);
    await expectAnswer(terminal, '13', '9304');
    await expectAnswer(terminal, '14', '9400');
    await expectAnswer(terminal, '12', '9200');
    await expectAnswer(terminal, '11', '9100');
    await expectAnswer(terminal, `10${fields}00`, '9001');
    await expectAnswer(terminal, `10${hex(zeroEnded(productId, 'd'.repeat(49), secret))}`, '9001');
    await expectAnswer(terminal, '77', 'ff77');
    await expectAnswer(terminal, '1100', 'ff11');
    expect(simulator.inner.flashOf(1)).toMatchObject({ identity: null, identityWrites: 1 });
  });

  it('finds the frames among noise, and after a frame that never ended', () => {
    const noise = fc.uint8Array({ maxLength: 12 });
    const payloads = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(noise, payloads, fc.integer({ min: 1, max: 9 }), (before, sent, chunk) => {
        const reader = new FrameReader();
        const cutOff = frameOf(Buffer.alloc(60)).subarray(0, 30);
        const bytes = Buffer.concat([before, cutOff, ...sent.map((payload) => frameOf(payload))]);
        const found: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; at += chunk)
          found.push(...reader.push(bytes.subarray(at, at + chunk)));
        expect(found.map(hex)).toEqual(sent.map(hex));
      }),
    );
  });
});
