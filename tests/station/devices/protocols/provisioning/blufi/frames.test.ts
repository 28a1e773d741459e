import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeFrame, openFrame, type SessionKeys } from '../../../../../../simulator/parts/blufi/frames.ts';
import { agreeKeys } from '../../../../../../simulator/parts/blufi/session-keys.ts';
import { createRandom } from '../../../../../../simulator/platform/index.ts';
import type { BlufiCipher } from '../../../../../../station/devices/protocols/provisioning/blufi/cipher.ts';
import { FrameReader } from '../../../../../../station/devices/protocols/provisioning/blufi/frame-reader.ts';
import { FrameWriter } from '../../../../../../station/devices/protocols/provisioning/blufi/frame-writer.ts';
import {
  beginKeyExchange,
  type BlufiSecurity,
} from '../../../../../../station/devices/protocols/provisioning/blufi/key-exchange.ts';
import {
  readStatusReport,
  readWifiList,
} from '../../../../../../station/devices/protocols/provisioning/blufi/messages.ts';
import { depth } from '../../../../../support/depth.ts';

/** Both sides of one session: the station's, and that of a unit which has no code in common with it. */
function agree(security: BlufiSecurity): { readonly phone: BlufiCipher; readonly unit: SessionKeys } {
  const exchange = beginKeyExchange(security);
  const [length, parameters] = exchange.messages;
  const announced = Buffer.from(length).readUInt16BE(1);
  const version = security === 'v1' ? 1 : 2;
  const agreed = agreeKeys(version, Buffer.from(parameters.subarray(1)), announced, createRandom('unit'));
  if ('error' in agreed) throw new Error(`error ${agreed.error}`);
  const phone = exchange.agree(agreed.publicValue);
  if (phone === null) throw new Error('the public value of the unit was refused');
  return { phone, unit: agreed.keys };
}

const messages = fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 4 });
const options = fc.record({
  isEncrypted: fc.boolean(),
  hasChecksum: fc.boolean(),
  isAckWanted: fc.boolean(),
});
const RUNS = { numRuns: depth({ short: 40, long: 2000 }) };

describe.each(['v1', 'v2'] as const)('frames with security %s', (security) => {
  it('reach the unit as they were written', () => {
    fc.assert(
      fc.property(messages, options, fc.integer({ min: 0, max: 300 }), (contents, how, frameBytes) => {
        const { phone, unit } = KEYS[security];
        const writer = new FrameWriter();
        let expected = 0;
        for (const content of contents) {
          const parts: Buffer[] = [];
          for (const { bytes, sequence } of writer.write(0x4d, content, frameBytes, how, phone)) {
            expect(bytes.length).toBeLessThanOrEqual(Math.max(20, Math.min(frameBytes, 261)));
            const opened = openFrame(bytes, expected, unit);
            if ('error' in opened) throw new Error(`error ${opened.error}`);
            expect(opened).toMatchObject({ number: sequence, wantsAck: how.isAckWanted, type: 0x4d });
            const left = content.length - Buffer.concat(parts).length;
            if (opened.isFragment) expect(opened.body.readUInt16LE(0)).toBe(left);
            parts.push(opened.isFragment ? opened.body.subarray(2) : opened.body);
            expected = (expected + 1) % 256;
          }
          expect(Buffer.concat(parts)).toEqual(Buffer.from(content));
        }
      }),
      RUNS,
    );
  });

  it('come from the unit as they were sent', () => {
    fc.assert(
      fc.property(messages, options, fc.integer({ min: 1, max: 253 }), (contents, how, size) => {
        const { phone, unit } = KEYS[security];
        const reader = new FrameReader();
        let number = 0;
        for (const content of contents) {
          let rest = Buffer.from(content);
          for (;;) {
            const isFragment = rest.length > size;
            const remaining = Buffer.of(rest.length & 0xff, rest.length >> 8);
            const body = isFragment ? Buffer.concat([remaining, rest.subarray(0, size)]) : rest;
            const frame = closeFrame({
              ...{ type: 0x4d, number, body, isFragment, isChecked: how.hasChecksum },
              ...{ wantsAck: how.isAckWanted, keys: how.isEncrypted ? unit : null },
            });
            const received = reader.receive(frame, phone);
            if (!received.ok) throw new Error(received.reason);
            expect(received.ackFor).toBe(how.isAckWanted ? number : null);
            expect(received.message).toEqual(isFragment ? null : { type: 0x4d, content });
            // A frame that comes twice is no other one.
            expect(reader.receive(frame, phone)).toEqual({ ok: true, message: null, ackFor: null });
            number = (number + 1) % 256;
            if (!isFragment) break;
            rest = rest.subarray(size);
          }
        }
      }),
      RUNS,
    );
  });
});

describe('a reader', () => {
  it('takes any bytes, and nothing after a wrong frame', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 }), (frames) => {
        const reader = new FrameReader();
        let reason: string | null = null;
        for (const frame of frames) {
          const received = reader.receive(frame, null);
          if (reason !== null) expect(received).toEqual({ ok: false, reason });
          if (!received.ok) reason = received.reason;
        }
      }),
      RUNS,
    );
  });

  it.each([
    ['0104000a', 'a frame of 14 bytes by its length has 4'],
    ['01040100', 'frame 1 came where frame 0 was expected'],
    ['01050001aa', 'a frame is encrypted before a key was agreed'],
    ['01060001aa0000', 'the checksum of a frame is wrong'],
  ])('refuses %s', (frame, reason) => {
    expect(new FrameReader().receive(Buffer.from(frame, 'hex'), null)).toEqual({ ok: false, reason });
  });

  it('refuses a message whose fragments have another length, or another type between them', () => {
    const begun = (): FrameReader => {
      const reader = new FrameReader();
      expect(reader.receive(Buffer.from('011400040400aabb', 'hex'), null).ok).toBe(true);
      return reader;
    };
    expect(begun().receive(Buffer.from('01040101cc', 'hex'), null)).toMatchObject({
      reason: '3 bytes came of a message of 4',
    });
    const empty = new FrameReader();
    expect(empty.receive(Buffer.from('011400020500', 'hex'), null).ok).toBe(true);
    expect(empty.receive(Buffer.from('01040101aa', 'hex'), null)).toMatchObject({
      reason: 'a fragment has no content',
    });
    expect(begun().receive(Buffer.from('41040102ccdd', 'hex'), null)).toMatchObject({
      reason: 'a frame of data 10 came between the fragments of data 00',
    });
  });
});

it('keeps no more than 8192 bytes of a message that does not end', () => {
  const reader = new FrameReader();
  const data = Buffer.alloc(255, 0xff);
  let frames = 0;
  while (reader.receive(Buffer.concat([Buffer.of(0x01, 0x14, frames & 0xff, 255), data]), null).ok) frames++;
  expect(frames).toBe(32);
});

it('reads reports and lists of any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (content) => {
      expect(readStatusReport(content) === null).toBe(content.length < 3);
      for (const { rssiDbm } of readWifiList(content) ?? [])
        expect(Math.abs(rssiDbm)).toBeLessThanOrEqual(128);
    }),
    RUNS,
  );
});

/** One exchange for all cases of a security: the streams of V2 go on from case to case. */
const V1 = agree('v1');
const V2 = agree('v2');
const KEYS = { v1: V1, v2: V2 } as const;
